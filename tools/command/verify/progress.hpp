// What the user sees while builds run: the build, its step, how long both take, and what comes next. On a terminal that
// is one line that is redrawn; elsewhere a line whenever a build has ended, and one every half minute while it runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace dockhew::cli {

struct Task {
  std::string name{};             // "optimized, source changed"
  std::optional<double> about{};  // seconds that it will take, as far as can be told
};

class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(Task task, Task next);  // `next` without a name: nothing
  void step(std::string_view text);
  void end(std::string_view result);  // "12.3 s"

 private:
  std::string state() const;
  void draw();

  bool terminal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  Task task_, next_;
  std::string step_;
  std::chrono::steady_clock::time_point begin_, step_begin_, said_;
  std::thread painter_;
};

}  // namespace dockhew::cli
