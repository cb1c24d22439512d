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

}  // namespace

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {
  if (!terminal_) return;
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

void Progress::begin(std::string task) {
  const std::lock_guard lock(mutex_);
  task_ = std::move(task);
  step_.clear();
  begin_ = std::chrono::steady_clock::now();
  draw();
}

void Progress::step(std::string_view text) {
  const std::lock_guard lock(mutex_);
  step_ = escape_for_terminal(text);
  draw();
}

void Progress::end(std::string_view result) {
  const std::lock_guard lock(mutex_);
  if (terminal_) std::cerr << "\r\x1b[K";
  std::cerr << task_ << ": " << result << std::endl;
  task_.clear();
}

void Progress::draw() {
  if (!terminal_ || task_.empty()) return;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin_).count();
  auto line = fmt::format("{:>4} s  {}  {}", seconds, task_, step_);
  // Cut at whole characters, so that it stays a single line.
  std::size_t width = 0, end = 0;
  for (std::string_view rest = line; !rest.empty() && width + 1 < columns(); ++width) {
    const auto rune = decode_rune(rest);
    end += rune.size;
    rest.remove_prefix(rune.size);
  }
  std::cerr << "\r\x1b[K" << line.substr(0, end) << std::flush;
}

}  // namespace dockhew::cli
