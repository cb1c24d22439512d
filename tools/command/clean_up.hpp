// What must not stay behind when the command is stopped by Ctrl-C or by a signal that asks it to end: temporary files
// and directories, and the programs that it started. Whoever makes such a thing says how it is undone, until it is
// done.
#pragma once

#include <functional>
#include <list>

namespace dockhew::cli {

class Unfinished {
 public:
  // `begin` makes the thing and gives what undoes it; nothing when there is nothing to undo. Neither runs while
  // another thread cleans up, so nothing is made after that.
  explicit Unfinished(const std::function<std::function<void()>()>& begin);
  // It is done. `last` is a step that must be made entirely or not at all.
  void end(const std::function<void()>& last = {});
  ~Unfinished() { end(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::list<std::function<void()>>::iterator place_;
  bool running_ = false;
};

// From now on SIGINT, SIGTERM and SIGHUP undo all that is unfinished before they end this process. Called before any
// other thread is started. `is_noticed` is asked first: true when this signal is left to somebody who ends what runs.
void clean_up_when_stopped(std::function<bool()> is_noticed = {});

}  // namespace dockhew::cli
