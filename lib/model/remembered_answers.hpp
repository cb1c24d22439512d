// Answers to questions that many ask, of whatever type, each worked out when it is first asked for. Whoever owns them
// belongs to one thread, and nothing that they depend on changes while it lives.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "text/limits.hpp"

namespace dockhew::inline model {

class RememberedAnswers {
 public:
  // `question` names everything that `find` depends on besides the owner, and thereby of which type the answer is.
  template <typename Find>
  auto answer(const std::string& question, const Find& find) {
    using Answer = decltype(find());
    if (const auto known = small_.find(question); known != small_.end())
      return std::static_pointer_cast<const Answer>(known->second);
    auto found = std::make_shared<const Answer>(find());  // which may ask another question
    small_.insert_or_assign(question, found);
    return found;
  }

  // The same for answers of which a file can ask for many, and each may be as large as the files that it was read from:
  // when all together have too many bytes, by `size`, only the newest is kept.
  template <typename Find, typename Size>
  auto answer(const std::string& question, const Find& find, const Size& size) {
    using Answer = decltype(find());
    if (const auto known = large_.find(question); known != large_.end())
      return std::static_pointer_cast<const Answer>(known->second);
    auto found = std::make_shared<const Answer>(find());
    const std::size_t own = size(*found) + question.size();
    if (bytes_ + own > limits::answers_kept) large_.clear(), bytes_ = 0;
    bytes_ += own;
    large_.insert_or_assign(question, found);
    return found;
  }

 private:
  using Answers = std::map<std::string, std::shared_ptr<const void>, std::less<>>;
  Answers small_, large_;
  std::size_t bytes_ = 0;  // of the large ones
};

}  // namespace dockhew::inline model
