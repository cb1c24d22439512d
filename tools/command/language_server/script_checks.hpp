// ShellCheck beside the editor: it takes a tenth of a second and more, so it works on a thread of its own when nobody
// is typing, and its answers are remembered by script. So what it said stays on screen while another line is edited.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "lint/shellcheck.hpp"

namespace dockhew::cli {

class ScriptChecks {
 public:
  // `hand_over` runs what it is given on the server's own thread, where `on_answer` is then called.
  using HandOver = std::function<void(std::function<void()>)>;
  ScriptChecks(HandOver hand_over, std::function<void()> on_answer, std::size_t processes)
      : hand_over_(std::move(hand_over)), on_answer_(std::move(on_answer)), processes_(processes) {}

  struct Known {
    std::vector<Finding> findings;
    bool complete = true;  // all scripts have been checked
  };
  Known known(const std::vector<ShellScript>& scripts) const;

  // Checks those that are not known, unless it is at work already.
  void check(const std::vector<ShellScript>& scripts);
  bool is_at_work() const { return at_work_; }

 private:
  struct Job;
  void take(const Job& job);

  HandOver hand_over_;
  std::function<void()> on_answer_;
  std::size_t processes_;
  // By a script, what ShellCheck answers for a file of the name "0"; empty when it has nothing to say.
  std::map<std::string, std::string, std::less<>> answers_;
  bool at_work_ = false, unavailable_ = false;
  std::jthread worker_;
};

}  // namespace dockhew::cli
