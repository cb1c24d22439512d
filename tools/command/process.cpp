#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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
#include "descendants.hpp"

extern char** environ;

namespace dockhew::cli {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto grace = 5s;  // between the polite request to stop and the kill signal

constexpr std::size_t longest_line = std::size_t{64} << 10U;
constexpr const char* interrupted_text = "interrupted";

std::atomic<bool> interruption = false;
std::atomic<bool> owns_descendants = false;  // whatever loses its parent becomes a child of this process

enum class End { ended, late, interrupted, too_much };
// What its standard error is: discarded, or like other output. What an interrupt does: stops it, or waits for it.
enum class Errors { discarded, read };
enum class Interrupt { stops, waits };

bool has_ended(pid_t child) {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT | WNOHANG) != 0 || ended.si_pid == child;
}

// Until the program has ended and what it printed is read. Something that it left in the background may still hold the
// other end of its output, and it may go on without one.
template <typename OnBytes>
End read_until_end(pid_t child, int descriptor, Clock::time_point deadline, Interrupt interrupt,
                   const OnBytes& on_bytes) {
  std::array<char, 65536> buffer;
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  constexpr std::size_t in_pipe = std::size_t{1} << 20U;  // the most that a pipe holds, without privileges
  std::size_t after = 0;                                  // bytes read since it ended
  auto pause = 1ms;
  for (bool open = true, ended = false;;) {
    if (interruption && interrupt == Interrupt::stops) return End::interrupted;
    if (Clock::now() >= deadline) return End::late;
    ended = ended || has_ended(child);
    if (ended && !open) return End::ended;
    if (!open) {
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, 50ms);
      continue;
    }
    pollfd waiting{descriptor, POLLIN, 0};
    const auto ready = ::poll(&waiting, 1, ended ? 0 : 50);
    if (ended && ready == 0) return End::ended;
    if (ready <= 0) continue;
    const auto size = ::read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    open = size > 0;
    if (open && !on_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(size)))) return End::too_much;
    if (ended && open && (after += static_cast<std::size_t>(size)) > in_pipe) return End::ended;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status;
}

// The process group of the child, which includes most of what it started.
int stop(pid_t child) {
  ::kill(-child, SIGTERM);
  for (const auto end = Clock::now() + grace; Clock::now() < end && !has_ended(child);)
    std::this_thread::sleep_for(20ms);
  ::kill(-child, SIGKILL);
  return wait_for(child);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// A file without a name that holds what a program is to read; -1, with errno, when there cannot be one. With a pipe, a
// program that prints before it has read everything would wait for a reader that waits for it.
int open_input(const std::string& text) {
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  for (std::size_t done = 0; file >= 0 && done < text.size();) {
    const auto count = ::write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return ::close(file), -1;
    done += static_cast<std::size_t>(count);
  }
  if (file >= 0) ::lseek(file, 0, SEEK_SET);
  return file;
}

// It is interrupted as usual, whatever this process has done about signals. `input`: -1 for none.
int spawn(const Process& process, Errors errors, int input, int output, pid_t& child) {
  auto environment = process.environment;  // the first value of a name counts
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  else posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (errors == Errors::read) posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  else posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (const int number : {SIGINT, SIGTERM, SIGXFSZ}) ::sigaddset(&usual, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  const auto words = pointers(process.arguments), variables = pointers(environment);
  const int failure = ::posix_spawnp(&child, words[0], &actions, &attributes, words.data(), variables.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

template <typename OnBytes>
ProcessResult run(const Process& process, Errors errors, Interrupt interrupt, const OnBytes& on_bytes) {
  ProcessResult result;
  if (interruption && interrupt == Interrupt::stops) return result.error = interrupted_text, result;
  std::array<int, 2> ends{};
  const int input = process.input.empty() ? -1 : open_input(process.input);
  if (input < 0 && !process.input.empty()) return result.error = std::strerror(errno), result;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    result.error = std::strerror(errno);
    if (input >= 0) ::close(input);
    return result;
  }
  pid_t child = 0;
  int failure = 0;
  Unfinished running([&]() -> std::function<void()> {
    failure = spawn(process, errors, input, ends[1], child);
    if (failure != 0) return {};
    return [child] {
      ::kill(-child, SIGKILL);
      wait_for(child);
      if (owns_descendants) end_descendants(0ms);
    };
  });
  ::close(ends[1]);
  if (input >= 0) ::close(input);
  if (failure != 0) {
    ::close(ends[0]);
    return result.error = std::strerror(failure), result;
  }
  const auto end = read_until_end(child, ends[0], Clock::now() + process.limit, interrupt, on_bytes);
  ::close(ends[0]);
  // Once it has been waited for, its number may be another's.
  if (end == End::ended) {
    ::kill(-child, owns_descendants ? SIGTERM : SIGKILL);
    running.end();
  }
  const int status = end == End::ended ? wait_for(child) : stop(child);
  running.end();
  if (owns_descendants) end_descendants(1s);
  result.late = end == End::late;
  if (end == End::late) result.error = "it took longer than " + std::to_string(process.limit.count()) + " seconds";
  else if (end == End::interrupted) result.error = interrupted_text;
  else if (end == End::too_much) result.error = "it printed too much";
  else if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  else result.error = "it was stopped by signal " + std::to_string(WTERMSIG(status));
  return result;
}

// All it prints.
ProcessResult collect(const Process& process, Errors errors, Interrupt interrupt, std::size_t most) {
  std::string output;
  auto result = run(process, errors, interrupt, [&](std::string_view bytes) {
    output += bytes;
    return output.size() <= most;
  });
  const auto text = most >> 20U == 0 ? std::to_string(most >> 10U) + " KiB" : std::to_string(most >> 20U) + " MiB";
  if (output.size() > most) result.error = "it printed more than " + text;
  result.output = std::move(output);
  return result;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit, std::size_t most) {
  return collect({arguments, {}, limit, {}}, Errors::discarded, Interrupt::stops, most);
}

ProcessResult run_clean_up(const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  return collect({arguments, {}, limit, {}}, Errors::discarded, Interrupt::waits, most_output);
}

ProcessResult ask_process(const Process& process, std::size_t most) {
  return collect(process, Errors::discarded, Interrupt::stops, most);
}

ProcessResult stream_process(const Process& process, const std::function<bool(std::string_view)>& on_bytes) {
  return run(process, Errors::discarded, Interrupt::stops, on_bytes);
}

ProcessResult collect_process(const Process& process, std::size_t most) {
  return collect(process, Errors::read, Interrupt::stops, most);
}

ProcessResult follow_process(const Process& process, const std::function<void(std::string_view)>& on_line) {
  std::string pending;
  const auto add = [&](std::string_view bytes) {
    pending += bytes.substr(0, longest_line - std::min(longest_line, pending.size()));
  };
  const auto give = [&] {
    if (pending.ends_with('\r')) pending.pop_back();
    on_line(pending);
    pending.clear();
  };
  auto result = run(process, Errors::read, Interrupt::stops, [&](std::string_view bytes) {
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
      add(bytes.substr(0, end));
      give();
      bytes.remove_prefix(end + 1);
    }
    add(bytes);
    return true;
  });
  if (!pending.empty()) give();
  return result;
}

void catch_interruption() {
  clean_up_when_stopped([] { return !interruption.exchange(true); });
  owns_descendants = ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
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
