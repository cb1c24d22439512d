#include "project/jenkins_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "project/old_builders.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_tokens = 20000;

// A name, a text without its quotes, or a sign. Groovy is a language; of it only these are told apart.
struct Token {
  enum class Kind : std::uint8_t { name, text, sign };
  Kind kind = Kind::sign;
  std::string_view text;
  std::size_t line = 1;

  bool is(std::string_view name) const { return kind != Kind::text && text == name; }
};

bool is_of_name(char c) {
  return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Behind the text that begins at `at` with a quote or three.
std::size_t end_of_text(std::string_view text, std::size_t at, std::string_view quotes) {
  for (auto i = at + quotes.size(); i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text.substr(i).starts_with(quotes)) return i + quotes.size();
    else if (quotes.size() == 1 && text[i] == '\n') return i;
  }
  return text.size();
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t line = 1, at = 0;
  const auto add = [&](Token::Kind kind, std::size_t end, std::size_t margin) {
    if (kind != Token::Kind::sign || text[at] > ' ')
      tokens.push_back({kind, text.substr(at + margin, std::max(end, at + 2 * margin) - at - 2 * margin), line});
    line += static_cast<std::size_t>(std::ranges::count(text.substr(at, end - at), '\n'));
    at = end;
  };
  while (at < text.size() && tokens.size() < most_tokens) {
    const auto rest = text.substr(at);
    if (rest.starts_with("//") || rest.starts_with("/*")) {
      const auto end = rest[1] == '/' ? text.find('\n', at) : text.find("*/", at + 2);
      const auto last = end == text.npos ? text.size() : rest[1] == '/' ? end : end + 2;
      line += static_cast<std::size_t>(std::ranges::count(text.substr(at, last - at), '\n'));
      at = last;
    } else if (rest[0] == '"' || rest[0] == '\'') {
      const auto quotes = rest.starts_with("\"\"\"") || rest.starts_with("'''") ? rest.substr(0, 3) : rest.substr(0, 1);
      add(Token::Kind::text, end_of_text(text, at, quotes), quotes.size());
    } else if (is_of_name(rest[0])) {
      auto end = at;
      while (end < text.size() && is_of_name(text[end])) ++end;
      add(Token::Kind::name, end, 0);
    } else {
      add(Token::Kind::sign, at + 1, 0);
    }
  }
  return tokens;
}

// An image whose container a block runs in, with how deep the block is. Without a name it is that of a Dockerfile.
struct Inside {
  std::size_t depth = 0;
  std::string image, dockerfile;
};

class Jenkinsfile {
 public:
  Jenkinsfile(const std::string& path, std::string_view text, Builds& result)
      : path_(path),
        tokens_(tokens_of(text)),
        result_(result),
        says_buildkit_(text.find("DOCKER_BUILDKIT") != text.npos) {}

  void read() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const auto& token = tokens_[at_];
      if (token.is("{")) open();
      else if (token.is("}")) close();
      else if (token.kind == Token::Kind::name) read_name(token);
    }
  }

 private:
  // The first text of the arguments that follow.
  const Token* text_at(std::size_t offset) const {
    constexpr std::size_t furthest = 8;
    for (auto i = at_ + offset; i < tokens_.size() && i < at_ + offset + furthest; ++i) {
      if (tokens_[i].kind == Token::Kind::text) return &tokens_[i];
      if (tokens_[i].is("}") || tokens_[i].is("{")) return nullptr;
    }
    return nullptr;
  }
  bool follows(std::size_t offset, std::string_view name) const {
    return at_ + offset < tokens_.size() && tokens_[at_ + offset].is(name);
  }

  void read_name(const Token& token) {
    if (token.is("sh")) return read_step();
    if (token.is("docker.build")) return read_build();
    if (token.is("docker.image"))
      if (const auto* image = text_at(1)) image_ = image->text;
    // `app.inside { … }`: of the image that was named last.
    if (token.text.ends_with(".inside") || token.text.ends_with(".withRun")) pending_ = {0, image_, {}};
    if (!token.is("agent")) return;
    // Of a pipeline or a stage: it holds for the rest of the block around.
    const bool block = follows(1, "{");
    const auto offset = block ? 2U : 1U;
    if (block && follows(offset, "dockerfile")) read_dockerfile(offset + 1);
    if (!block || !follows(offset, "docker")) return;
    const bool detailed = follows(offset + 1, "{");
    if (const auto* image = text_at(detailed ? offset + 2 : offset + 1))
      inside_.push_back({depth_, std::string(image->text), {}});
  }

  // `dockerfile true`, `dockerfile { filename 'Dockerfile.ci' dir 'build' }`
  void read_dockerfile(std::size_t offset) {
    std::string name = "Dockerfile", directory = ".";
    for (auto i = at_ + offset; i + 1 < tokens_.size() && !tokens_[i].is("}"); ++i) {
      if (tokens_[i + 1].kind != Token::Kind::text) continue;
      if (tokens_[i].is("filename")) name = tokens_[i + 1].text;
      if (tokens_[i].is("dir")) directory = tokens_[i + 1].text;
    }
    inside_.push_back({depth_, {}, joined_path(directory, name)});
  }

  void read_step() {
    const auto* step = text_at(1);
    if (step == nullptr) return;
    const std::string text(step->text);
    const auto place = path_ + ':' + std::to_string(step->line);
    const auto first = result_.builds.size(), first_unplaced = result_.unplaced.size();
    read_docker_commands({text, ".", directory_of(path_), path_, step->line}, "sh", result_);
    if (inside_.empty()) return;
    const auto& container = inside_.back();
    if (const auto builder = old_builder_in(container.image); builder && !says_buildkit_)
      refuse_mounts_of(*builder, result_, first, first_unplaced);
    if (container.dockerfile.empty()) return add_run(container.image, text, place, result_);
    auto build = named_build({}, ".", container.dockerfile, directory_of(path_), step->line);
    add_start(text, place, build);
    for (auto& start : build.starts) start.besides = true;
    if (result_.named.size() < most_builds) result_.named.push_back(std::move(build));
  }

  // `docker.build("app:${env.BUILD_ID}", "-f docker/Dockerfile .")`
  void read_build() {
    const auto* image = text_at(1);
    if (image == nullptr) return;
    image_ = image->text;
    const auto next = static_cast<std::size_t>(image - tokens_.data()) + 1;
    const bool more = next + 1 < tokens_.size() && tokens_[next].is(",") && tokens_[next + 1].kind == Token::Kind::text;
    const auto options = more ? std::string(tokens_[next + 1].text) : std::string(".");
    read_docker_commands(
        {"docker build -t \"" + image_ + "\" " + options, ".", directory_of(path_), path_, image->line}, "docker.build",
        result_);
  }

  void open() {
    ++depth_;
    if (!pending_) return;
    pending_->depth = depth_;
    inside_.push_back(*std::exchange(pending_, std::nullopt));
  }

  void close() {
    while (!inside_.empty() && inside_.back().depth == depth_) inside_.pop_back();
    if (depth_ > 0) --depth_;
  }

  const std::string& path_;
  std::vector<Token> tokens_;
  Builds& result_;
  bool says_buildkit_;
  std::size_t at_ = 0, depth_ = 0;
  std::string image_;
  std::optional<Inside> pending_;
  std::vector<Inside> inside_;
};

}  // namespace

bool is_jenkinsfile(const std::string& path) {
  const auto name = path_basename(path);
  return name.starts_with("Jenkinsfile") || name.ends_with(".jenkinsfile") || name.ends_with(".Jenkinsfile");
}

Builds read_jenkinsfile(const std::string& path, const std::string& text) {
  Builds result;
  Jenkinsfile(path, text, result).read();
  return result;
}

}  // namespace dockhew::cli
