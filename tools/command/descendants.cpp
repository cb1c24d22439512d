#include "descendants.hpp"

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto patience = 5s;  // with those that cannot be killed: of another user, or waiting for a device

// "17 (a name) S 1 …": the name may contain anything.
pid_t parent_of(const fs::path& directory) {
  std::string text;
  std::getline(std::ifstream(directory / "stat"), text, '\0');
  const auto end = text.rfind(") ");
  pid_t parent = 0;
  if (end != text.npos && text.size() > end + 4)
    std::from_chars(text.data() + end + 4, text.data() + text.size(), parent);
  return parent;
}

// As /proc has them, each after its parent.
std::vector<pid_t> descendants() {
  std::multimap<pid_t, pid_t> children;
  std::error_code error;
  for (fs::directory_iterator i("/proc", error), end; !error && i != end; i.increment(error)) {
    const auto name = i->path().filename().string();
    pid_t process = 0;
    std::from_chars(name.data(), name.data() + name.size(), process);
    if (process > 0) children.emplace(parent_of(i->path()), process);
  }
  std::vector<pid_t> found = {::getpid()};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (auto [child, end] = children.equal_range(found[i]); child != end; ++child) found.push_back(child->second);
  found.erase(found.begin());
  return found;
}

// Whether there are any, once those that have ended are waited for.
bool has_children() {
  pid_t ended = 0;
  do ended = ::waitpid(-1, nullptr, WNOHANG);
  while (ended > 0);
  return ended == 0;
}

}  // namespace

void end_descendants(std::chrono::milliseconds grace) {
  const auto begin = Clock::now();
  for (bool asked = false; has_children() && Clock::now() < begin + patience; std::this_thread::sleep_for(5ms)) {
    const bool kill = Clock::now() >= begin + grace;
    if (!kill && asked) continue;
    for (const auto process : descendants()) ::kill(process, kill ? SIGKILL : SIGTERM);
    asked = true;
  }
}

}  // namespace dockhew::cli
