#include "language_server/inbox.hpp"

#include <algorithm>

#include "language_server/transport.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_waiting = 10'000;

}  // namespace

void Inbox::add(Incoming incoming) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return closed_ || waiting_.empty() || (waiting_.size() < most_waiting && bytes_ < largest_message);
  });
  if (closed_) return;
  bytes_ += incoming.bytes;
  waiting_.push_back(std::move(incoming));
  changed_.notify_all();
}

void Inbox::add_work(std::function<void()> work) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return;
  waiting_.push_back({.work = std::move(work)});
  changed_.notify_all();
}

std::optional<Incoming> Inbox::next(std::optional<Clock::time_point> until) {
  std::unique_lock lock(mutex_);
  const auto is_there = [&] { return !waiting_.empty(); };
  if (!until) changed_.wait(lock, is_there);
  else if (!changed_.wait_until(lock, *until, is_there)) return std::nullopt;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= first.bytes;
  changed_.notify_all();
  return first;
}

bool Inbox::empty() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.empty();
}

bool Inbox::is_cancelled(const Json& id) const {
  const std::scoped_lock lock(mutex_);
  return std::ranges::any_of(waiting_, [&](const Incoming& incoming) {
    const auto* params = incoming.message.find("params");
    const auto* cancelled = params == nullptr ? nullptr : params->find("id");
    return cancelled != nullptr && incoming.message.string_at("method") == "$/cancelRequest" &&
           cancelled->dump() == id.dump();
  });
}

void Inbox::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace dockhew::cli
