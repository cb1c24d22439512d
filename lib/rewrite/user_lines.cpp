#include "rewrite/user_lines.hpp"

#include <algorithm>
#include <unordered_map>

#include "text/diff.hpp"

namespace dockhew::inline rewrite {
namespace {

std::string_view without_blanks(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r\n");
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r\n") - begin + 1);
}

// The lines of one hunk: those removed and added between two that stay are each other's.
class Hunk {
 public:
  Hunk(const DiffHunk& hunk, const std::unordered_map<std::string_view, std::uint32_t>& removed,
       std::vector<std::uint32_t>& before)
      : removed_(removed), before_(before), old_(static_cast<std::uint32_t>(hunk.old_line)) {
    for (const auto& line : hunk.lines) read(line);
  }

 private:
  void read(const DiffLine& line) {
    if (line.kind == DiffLine::Kind::removed) {
      if (!changing_) changed_ = old_;
      changing_ = true;
      last_ = old_++;
      return;
    }
    if (line.kind == DiffLine::Kind::context) {
      changing_ = false;
      before_.push_back(last_ = old_++);
      return;
    }
    const auto moved = removed_.find(without_blanks(line.text));
    if (moved != removed_.end()) before_.push_back(moved->second);
    else before_.push_back(changing_ ? std::min(changed_, last_) : std::max(last_, 1u));
    if (changing_ && changed_ < last_) ++changed_;
  }

  const std::unordered_map<std::string_view, std::uint32_t>& removed_;
  std::vector<std::uint32_t>& before_;
  std::uint32_t old_, last_ = 0, changed_ = 0;
  bool changing_ = false;
};

}  // namespace

UserLines::UserLines(std::string_view before, std::string_view after) {
  if (before == after) return;
  const auto hunks = diff_lines(before, after);
  std::unordered_map<std::string_view, std::uint32_t> removed;
  for (const auto& hunk : hunks) {
    auto line = static_cast<std::uint32_t>(hunk.old_line);
    for (const auto& part : hunk.lines) {
      if (part.kind == DiffLine::Kind::removed && !without_blanks(part.text).empty())
        removed.emplace(without_blanks(part.text), line);
      line += part.kind != DiffLine::Kind::added;
    }
  }
  std::uint32_t next = 1;  // of `before`, after what has been read
  for (const auto& hunk : hunks) {
    for (; before_.size() + 1 < hunk.new_line; ++next) before_.push_back(next);
    Hunk(hunk, removed, before_);
    next = static_cast<std::uint32_t>(hunk.old_line + hunk.old_count);
  }
  before_.push_back(next);  // and so on
}

std::uint32_t UserLines::line_before(std::uint32_t after) const {
  if (before_.empty() || after == 0) return after;
  if (after <= before_.size()) return before_[after - 1];
  return before_.back() + after - static_cast<std::uint32_t>(before_.size());
}

}  // namespace dockhew::inline rewrite
