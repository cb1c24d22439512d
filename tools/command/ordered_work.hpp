// Work on many files at the same time, whose results come in the order of the files. Workers wait when they are a
// window ahead of what was taken, so that one slow file does not make the results of all others pile up.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace dockhew::cli {

// Calls work(i) for i from 0 to count - 1 on so many threads, and take(result) in the order of i on this one. With one
// thread each result is taken before the next work begins. What either throws comes out here.
template <typename Work, typename Take>
void work_in_order(std::size_t count, std::size_t threads, const Work& work, const Take& take) {
  threads = std::min(threads, count);
  if (threads <= 1) {
    for (std::size_t i = 0; i < count; ++i) take(work(i));
    return;
  }
  struct Slot {
    std::optional<decltype(work(0))> result;
    std::exception_ptr exception;
  };
  const auto window = threads * 4;
  std::vector<Slot> slots(window);  // of i: i % window
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t taken = 0;
  bool stopped = false;

  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stopped || i < taken + window; });
        if (stopped) return;
      }
      Slot done;
      try {
        done.result.emplace(work(i));
      } catch (...) {
        done.exception = std::current_exception();
      }
      const std::scoped_lock lock(mutex);
      slots[i % window] = std::move(done);
      changed.notify_all();
    }
  };
  const auto next_slot = [&] {
    std::unique_lock lock(mutex);
    auto& slot = slots[taken % window];
    changed.wait(lock, [&] { return slot.result || slot.exception; });
    auto done = std::exchange(slot, {});
    ++taken;
    changed.notify_all();
    return done;
  };

  std::vector<std::jthread> workers;
  try {
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back(run);
    for (std::size_t i = 0; i < count; ++i) {
      auto slot = next_slot();
      if (slot.exception) std::rethrow_exception(slot.exception);
      take(std::move(*slot.result));
    }
  } catch (...) {
    const std::scoped_lock lock(mutex);
    stopped = true;
    changed.notify_all();
    throw;
  }
}

}  // namespace dockhew::cli
