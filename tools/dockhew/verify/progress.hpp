// What the user sees while builds run: on a terminal, one line that is redrawn, with the build, its step and the time;
// elsewhere, one line per build.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace dockhew::cli {

class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(std::string task);  // "optimized, source changed"
  void step(std::string_view text);
  void end(std::string_view result);  // "12.3 s"

 private:
  void draw();

  bool terminal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::string task_, step_;
  std::chrono::steady_clock::time_point begin_;
  std::thread painter_;  // draws the time twice a second
};

}  // namespace dockhew::cli
