#include "clean_up.hpp"

#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

namespace dockhew::cli {
namespace {

struct Registry {
  std::mutex mutex;
  std::list<std::function<void()>> undo;
};

// Never destroyed: a signal may come while the process ends.
Registry& registry() {
  static auto* const all = new Registry;
  return *all;
}

// A thread that waits for signals may do everything, a signal handler hardly anything.
[[noreturn]] void wait_for_signal(sigset_t signals, const std::function<bool()>& is_noticed) {
  int number = 0;
  while (::sigwait(&signals, &number) != 0 || (is_noticed && is_noticed())) {}
  auto& all = registry();
  all.mutex.lock();  // and never unlocked: whoever wants to begin something waits for the end
  for (auto undo = all.undo.rbegin(); undo != all.undo.rend(); ++undo) (*undo)();
  // Whoever started this sees that the signal ended it.
  ::signal(number, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  for (;;) ::raise(number);
}

}  // namespace

Unfinished::Unfinished(const std::function<std::function<void()>()>& begin) {
  auto& all = registry();
  const std::scoped_lock lock(all.mutex);
  auto undo = begin();
  if (!undo) return;
  place_ = all.undo.insert(all.undo.end(), std::move(undo));
  running_ = true;
}

void Unfinished::end(const std::function<void()>& last) {
  auto& all = registry();
  const std::scoped_lock lock(all.mutex);
  if (last) last();
  if (running_) all.undo.erase(place_);
  running_ = false;
}

void clean_up_when_stopped(std::function<bool()> is_noticed) {
  sigset_t signals;
  ::sigemptyset(&signals);
  // A shell without job control starts what runs in the background with SIGINT ignored; one that is sent all the same
  // is meant. SIGHUP is ignored on purpose, by nohup.
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  struct sigaction hangup {};
  if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) ::sigaddset(&signals, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(wait_for_signal, signals, std::move(is_noticed)).detach();
}

}  // namespace dockhew::cli
