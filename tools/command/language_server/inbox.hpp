// What the server has to do, in the order in which it came: messages of the client, and answers of ShellCheck, which
// works beside it. One thread reads messages, so that the server sees that a request was cancelled, or that it need not
// look at a text because the next keystroke is already there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "text/json.hpp"

namespace dockhew::cli {

struct Incoming {
  Json message = {};                // null when it could not be read
  std::string error = {};           // then: why
  std::function<void()> work = {};  // in place of a message: what another thread has prepared
  bool end = false;                 // the client is gone
  std::size_t bytes = 0;            // of the message
};

class Inbox {
 public:
  using Clock = std::chrono::steady_clock;

  // Waits while too much is waiting already, so that a client that sends faster than it is served cannot fill the
  // memory.
  void add(Incoming incoming);
  // For whoever must not wait.
  void add_work(std::function<void()> work);
  // Nothing when there is none until then.
  std::optional<Incoming> next(std::optional<Clock::time_point> until);
  bool empty() const;
  // Whether a message that is still waiting cancels the request of this id.
  bool is_cancelled(const Json& id) const;
  // From now on nobody waits to add something, and nothing is kept.
  void close();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Incoming> waiting_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace dockhew::cli
