#include "verify/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

using namespace std::chrono_literals;

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

constexpr auto silence = 30s;  // at most, where nothing can be redrawn

long since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
}

std::string about(const Task& task) {
  if (!task.about) return {};
  const auto seconds = *task.about;
  if (seconds < 1) return ", about a second";
  return seconds < 100 ? fmt::format(", about {:.0f} s", seconds) : fmt::format(", about {:.0f} min", seconds / 60);
}

}  // namespace

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {
  painter_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 500ms, [this] { return done_; })) draw();
  });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
    if (terminal_) std::cerr << "\r\x1b[K" << std::flush;
  }
  changed_.notify_all();
  if (painter_.joinable()) painter_.join();
}

void Progress::begin(Task task, Task next) {
  const std::lock_guard lock(mutex_);
  task_ = std::move(task);
  next_ = std::move(next);
  step_.clear();
  begin_ = step_begin_ = said_ = std::chrono::steady_clock::now();
  draw();
}

void Progress::step(std::string_view text) {
  const std::lock_guard lock(mutex_);
  auto step = escape_for_terminal(text);
  if (step == step_) return;
  step_ = std::move(step);
  step_begin_ = std::chrono::steady_clock::now();
  draw();
}

void Progress::end(std::string_view result) {
  const std::lock_guard lock(mutex_);
  if (terminal_) std::cerr << "\r\x1b[K";
  std::cerr << task_.name << ": " << result;
  if (!next_.name.empty()) std::cerr << "; next: " << next_.name << about(next_);
  std::cerr << std::endl;
  task_ = {};
}

// "  75 s  original, first build, about 2 min: [3/7] RUN npm ci, 61 s"
std::string Progress::state() const {
  auto line = fmt::format("{:>4} s  {}{}", since(begin_), task_.name, about(task_));
  if (!step_.empty()) line += fmt::format(": {}, {} s", step_, since(step_begin_));
  return line;
}

void Progress::draw() {
  if (task_.name.empty()) return;
  if (!terminal_) {
    if (std::chrono::steady_clock::now() - said_ < silence) return;
    said_ = std::chrono::steady_clock::now();
    std::cerr << state() << std::endl;
    return;
  }
  // Cut at whole characters, so that it stays a single line.
  const auto line = state();
  std::size_t width = 0, end = 0;
  for (std::string_view rest = line; !rest.empty() && width + 1 < columns(); ++width) {
    const auto rune = decode_rune(rest);
    end += rune.size;
    rest.remove_prefix(rune.size);
  }
  std::cerr << "\r\x1b[K" << line.substr(0, end) << std::flush;
}

}  // namespace dockhew::cli
