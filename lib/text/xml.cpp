#include "text/xml.hpp"

#include "text/utf8.hpp"

namespace dockhew::inline text {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<std::vector<XmlElement>> read() {
    while (!rest_.empty())
      if (!read_part()) return std::nullopt;
    if (!open_.empty() || elements_.empty()) return std::nullopt;
    for (auto& element : elements_) element.text = trim_unicode(element.text);
    return std::move(elements_);
  }

 private:
  bool read_part() {
    const auto tag = std::min(rest_.find('<'), rest_.size());
    add_text(rest_.substr(0, tag));
    rest_.remove_prefix(tag);
    if (rest_.empty()) return true;
    if (rest_.starts_with("<!--")) return skip_to("-->");
    if (rest_.starts_with("<?")) return skip_to("?>");
    if (rest_.starts_with("<![CDATA[")) return read_characters();
    if (rest_.starts_with("</")) return close();
    return !rest_.starts_with("<!") && open();
  }

  void add_text(std::string_view text) {
    if (!open_.empty()) elements_[open_.back()].text += text;
  }

  bool skip_to(std::string_view end) {
    const auto at = rest_.find(end);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  bool read_characters() {
    constexpr std::string_view begin = "<![CDATA[";
    const auto end = rest_.find("]]>");
    if (end == rest_.npos) return false;
    add_text(rest_.substr(begin.size(), end - begin.size()));
    return skip_to("]]>");
  }

  bool close() {
    const auto end = rest_.find('>');
    if (end == rest_.npos || open_.empty()) return false;
    if (trim_unicode(rest_.substr(2, end - 2)) != elements_[open_.back()].name) return false;
    open_.pop_back();
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool open() {
    const auto end = end_of_tag();
    if (end == rest_.npos) return false;
    auto tag = rest_.substr(1, end - 1);
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const auto name = tag.substr(0, tag.find_first_of(blanks));
    if (name.empty()) return false;
    elements_.push_back({std::string(name), {}});
    if (!empty) open_.push_back(elements_.size() - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }

  // The '>' of the tag at the beginning, which may have others in the values of its attributes.
  std::size_t end_of_tag() const {
    char quote = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != 0) quote = c == quote ? char(0) : quote;
      else if (c == '"' || c == '\'') quote = c;
      else if (c == '>') return i;
    }
    return rest_.npos;
  }

  std::string_view rest_;
  std::vector<XmlElement> elements_;
  std::vector<std::size_t> open_;  // the elements that the place is in, the innermost last
};

}  // namespace

std::optional<std::vector<XmlElement>> read_xml(std::string_view text) { return Reader(text).read(); }

}  // namespace dockhew::inline text
