#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <thread>

#include "clean_up.hpp"

extern char** environ;

namespace dockhew::cli {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto grace = 5s;  // between the polite request to stop and the kill signal

std::atomic<bool> interruption = false;

void on_signal(int) { interruption = true; }

enum class End { closed, late, interrupted };
// Short tasks are not interrupted, and their standard error is discarded. Tasks that are followed can be stopped, and
// their standard error is treated like other output.
enum class Use { short_work, followed };

// Reads until the other end is closed.
template <typename OnBytes>
End read_all(int descriptor, Clock::time_point deadline, Use use, const OnBytes& on_bytes) {
  std::array<char, 65536> buffer;
  for (;;) {
    if (interruption && use == Use::followed) return End::interrupted;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return End::late;
    pollfd waiting{descriptor, POLLIN, 0};
    // A signal between the check above and the wait below is noticed a second later.
    const auto ready = ::poll(&waiting, 1, static_cast<int>(std::min<long>(left, 1000)));
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const auto size = ::read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return End::closed;
    on_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status;
}

// The process group of the child, which includes everything it started.
int stop(pid_t child) {
  ::kill(-child, SIGTERM);
  int status = 0;
  for (const auto end = Clock::now() + grace; Clock::now() < end; std::this_thread::sleep_for(20ms)) {
    const auto found = ::waitpid(child, &status, WNOHANG);
    if (found == child) return ::kill(-child, SIGKILL), status;
  }
  ::kill(-child, SIGKILL);
  return wait_for(child);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

template <typename OnBytes>
ProcessResult run(const Process& process, Use use, const OnBytes& on_bytes) {
  ProcessResult result;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return result.error = std::strerror(errno), result;
  auto environment = process.environment;  // the first value of a name counts
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (use == Use::followed) posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  else posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // It is interrupted as usual, whatever this process has done about signals.
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (const int number : {SIGINT, SIGTERM, SIGXFSZ}) ::sigaddset(&usual, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t child = 0;
  const auto words = pointers(process.arguments), variables = pointers(environment);
  int failure = 0;
  Unfinished running([&]() -> std::function<void()> {
    failure = ::posix_spawnp(&child, words[0], &actions, &attributes, words.data(), variables.data());
    if (failure != 0) return {};
    return [child] {
      ::kill(-child, SIGKILL);
      wait_for(child);
    };
  });
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failure != 0) {
    ::close(ends[0]);
    return result.error = std::strerror(failure), result;
  }
  const auto end = read_all(ends[0], Clock::now() + process.limit, use, on_bytes);
  ::close(ends[0]);
  // Once it has been waited for, its number may be another's.
  siginfo_t ended{};
  if (end == End::closed)
    while (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
  if (end == End::closed) running.end();
  const int status = end == End::closed ? wait_for(child) : stop(child);
  running.end();
  result.late = end == End::late;
  if (end == End::late) result.error = "it took longer than " + std::to_string(process.limit.count()) + " seconds";
  else if (end == End::interrupted) result.error = "interrupted";
  else if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  else result.error = "it was stopped by signal " + std::to_string(WTERMSIG(status));
  return result;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  std::string output;
  auto result = run({arguments, {}, limit}, Use::short_work, [&](std::string_view bytes) { output += bytes; });
  result.output = std::move(output);
  return result;
}

ProcessResult follow_process(const Process& process, const std::function<void(std::string_view)>& on_line) {
  std::string pending;
  const auto give = [&](std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    on_line(line);
  };
  auto result = run(process, Use::followed, [&](std::string_view bytes) {
    pending += bytes;
    std::size_t begin = 0;
    for (auto end = pending.find('\n'); end != pending.npos; end = pending.find('\n', begin)) {
      give(std::string_view(pending).substr(begin, end - begin));
      begin = end + 1;
    }
    pending.erase(0, begin);
  });
  if (!pending.empty()) give(pending);
  return result;
}

void catch_interruption() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

bool interrupted() { return interruption; }

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const auto file = (directory.empty() ? "." : directory) + '/' + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace dockhew::cli
