#include "flow/context_readers.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>
#include <set>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/makefile.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "flow/git_plugins.hpp"
#include "flow/project_tree.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_files = 4000, most_bytes = std::size_t{12} << 20U, largest_text = std::size_t{256} << 10U;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_char(char c) { return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

bool begins_word(std::string_view text, std::size_t at) { return at == 0 || !is_word_char(text[at - 1]); }

// ---- what texts say -------------------------------------------------------------------------------------------------

// The subcommand, where the text runs Git to learn something of the repository. It may be a command line, or a list of
// strings in a program: options and quotes between the words do not matter.
std::string_view git_question(std::string_view text) {
  constexpr std::string_view program = "git";
  constexpr auto questions = std::to_array<std::string_view>(
      {"archive",  "blame",    "branch",    "describe",     "diff",      "for-each-ref", "log",
       "ls-files", "name-rev", "remote",    "rev-list",     "rev-parse", "shortlog",     "show",
       "show-ref", "status",   "submodule", "symbolic-ref", "tag",       "version-gen"});
  constexpr std::size_t most_words = 4, longest = 80;
  for (auto at = text.find(program); at != text.npos; at = text.find(program, at + 1)) {
    const auto end = at + program.size();
    if (!begins_word(text, at) || (at > 0 && (text[at - 1] == '-' || text[at - 1] == '.'))) continue;
    if (end < text.size() && (is_word_char(text[end]) || text[end] == '-' || text[end] == '.')) continue;
    auto rest = text.substr(end, longest);
    rest = rest.substr(0, rest.find_first_of(";|&"));
    for (std::size_t words = 0; words < most_words; ++words) {
      const auto begin = std::ranges::find_if(rest, is_ascii_letter);
      rest.remove_prefix(static_cast<std::size_t>(begin - rest.begin()));
      const auto stop = std::ranges::find_if(rest, [](char c) { return !is_word_char(c) && c != '-'; });
      const auto word = rest.substr(0, static_cast<std::size_t>(stop - rest.begin()));
      if (const auto found = std::ranges::find(questions, word); found != questions.end()) return *found;
      rest.remove_prefix(word.size());
    }
  }
  return {};
}

bool names_git_data(std::string_view text) {
  constexpr auto files = std::to_array<std::string_view>(
      {".git/HEAD", ".git/index", ".git/logs", ".git/packed-refs", ".git/refs", "/usr/bin/git\"", "GIT_EXECUTABLE",
       "core.hooksPath", "enableGitInfo", "find_package(Git ", "find_package(Git)", "githash", "gitrev",
       "safe.directory", "pre-commit run", "new-from-rev", "git-version-gen", "GetGitRevision"});
  return std::ranges::any_of(files, [&](std::string_view file) { return text.find(file) != text.npos; });
}

// The files of that name in a text, which are not the end of a longer word: of `process.env` there is none.
std::vector<std::string> named_settings(std::string_view text) {
  constexpr std::string_view name = ".env";
  constexpr std::size_t most = 10;
  std::vector<std::string> names;
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    auto end = at + name.size();
    // `${ENV_FILE:-.env}`, but of `local-.env` there is none.
    const bool otherwise = text.substr(0, at).ends_with(":-");
    const bool begins = at == 0 || otherwise ||
                        (!is_word_char(text[at - 1]) && std::string_view(")]?-*").find(text[at - 1]) == text.npos);
    if (!begins || (end < text.size() && is_word_char(text[end]))) continue;
    // `.env.production`, but `.env.` at the end of a sentence, and the rest of `.env.${MODE}` and `.env*` is any.
    while (end < text.size() && (is_word_char(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
    std::string found(text.substr(at, end - at));
    const bool open = end < text.size() && std::string_view("$*{+`").find(text[end]) != std::string_view::npos;
    if (open) found = std::string(name) + '.';
    while (!open && (found.ends_with('.') || found.ends_with('-'))) found.pop_back();
    if (std::ranges::find(names, found) == names.end()) names.push_back(std::move(found));
    if (names.size() >= most) break;
  }
  return names;
}

// Finds words of all ecosystems in one pass: few places of a text begin like one of them.
class Readers {
 public:
  struct Word {
    std::string_view text;
    const Ecosystem* ecosystem;
    bool git;
    const GitQuestion* question = nullptr;
  };

  Readers() {
    for (const auto* ecosystem : all_ecosystems()) {
      for (const auto& each : ecosystem->git_questions) words_.push_back({each.word, ecosystem, true, &each});
      for (const auto word : ecosystem->git_readers) words_.push_back({word, ecosystem, true});
      for (const auto word : ecosystem->settings_readers) words_.push_back({word, ecosystem, false});
    }
    std::ranges::sort(words_, {}, &Word::text);
    for (const auto& word : words_) beginnings_.set(beginning(word.text, 0));
  }

  template <typename Visit>
  void find(std::string_view text, const Visit& visit) const {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      if (!beginnings_[beginning(text, at)]) continue;
      if (is_word_char(text[at]) && !begins_word(text, at)) continue;
      const auto rest = text.substr(at);
      auto word = std::ranges::lower_bound(words_, rest.substr(0, 2), {}, &Word::text);
      for (; word != words_.end() && word->text.starts_with(rest.substr(0, 2)); ++word)
        if (rest.starts_with(word->text)) visit(*word);
    }
  }

 private:
  static std::size_t beginning(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8U |
           static_cast<unsigned char>(text[at + 1]);
  }

  std::vector<Word> words_;
  std::bitset<std::size_t{1} << 16U> beginnings_;
};

// ---- what the texts of a context say --------------------------------------------------------------------------------

struct Hit {
  std::string path;
  bool git = true;
  const Ecosystem* ecosystem = nullptr;  // null: whatever the project is made with
  std::string what;                      // "runs `git describe`"
  std::vector<std::string> names = {};   // of files `.env`
  const GitQuestion* question = nullptr;
};

struct ContextHits {
  std::vector<Hit> hits;
  bool complete = true;
};

bool is_taskfile(std::string_view name) {
  return (name.starts_with("Taskfile.") || name.starts_with("taskfile.")) && name.find(".y") != name.npos;
}

// Texts for people, data and pictures run nothing.
bool is_searched(std::string_view name) {
  constexpr auto endings = std::to_array<std::string_view>(
      {"ignore", ".adoc", ".bmp",  ".css",  ".csv",   ".dockerfile", ".example", ".gif", ".html", ".ico", ".ipynb",
       ".jpeg",  ".jpg",  ".less", ".lock", ".lockb", ".log",        ".map",     ".md",  ".mdx",  ".mp3", ".mp4",
       ".pdf",   ".png",  ".po",   ".pot",  ".rst",   ".sample",     ".scss",    ".sql", ".sum",  ".svg", ".template",
       ".tsv",   ".ttf",  ".wasm", ".webp", ".woff",  ".woff2",      ".yaml",    ".yml", ".zip",  ".gz"});
  // Settings of programs that make websites, Hugo's and MkDocs', and of Haskell's hpack.
  constexpr auto settings = std::to_array<std::string_view>(
      {"config.yaml", "config.yml", "hugo.yaml", "hugo.yml", "mkdocs.yaml", "mkdocs.yml", "package.yaml"});
  if (std::ranges::find(settings, name) != settings.end() || is_taskfile(name)) return true;
  if (name.starts_with(".env") || name.find("-lock.") != name.npos || name.find("ockerfile") != name.npos) return false;
  return std::ranges::none_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// The directory at which a path leaves what is built, by its name; empty where it does not.
std::string_view aside_at(std::string_view path) {
  constexpr auto aside = std::to_array<std::string_view>(
      {"__tests__", "doc", "docs", "e2e", "example", "examples", "spec", "test", "testdata", "tests", "vendor"});
  // `docs/.vitepress/config.ts`
  if (path_basename(path).starts_with('.') && path != ".") return {};
  for (; !path.empty() && path != "."; path = path_parent(path))
    if (std::ranges::find(aside, path_basename(path)) != aside.end()) return path_basename(path);
  return {};
}

bool is_searched_directory(std::string_view path) { return aside_at(path).empty(); }

// What Sphinx runs lies with what it reads: https://www.sphinx-doc.org/en/master/usage/configuration.html
bool is_searched_aside(std::string_view name) { return name == "conf.py"; }

// What Eleventy reads of a page before its text: https://www.11ty.dev/docs/dates/
bool asks_for_git_date(std::string_view text) {
  if (!text.starts_with("---")) return false;
  const auto end = text.find("\n---");
  const auto front = to_lower_ascii(text.substr(0, end));
  return front.find("date: git ") != front.npos || front.find("date: \"git ") != front.npos;
}

bool is_page(std::string_view name) {
  constexpr auto endings = std::to_array<std::string_view>({".html", ".liquid", ".md", ".njk"});
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

void search_text(const Readers& readers, const std::string& path, std::string_view text, std::vector<Hit>& hits) {
  if (const auto question = git_question(text); !question.empty())
    hits.push_back({path, true, nullptr, "runs `git " + std::string(question) + "`"});
  else if (names_git_data(text)) hits.push_back({path, true, nullptr, "asks for Git's data"});
  else if (auto plugin = git_plugin_in(path, text); !plugin.empty())
    hits.push_back({path, true, nullptr, "names `" + plugin + "`"});
  if (auto names = named_settings(text); !names.empty())
    hits.push_back({path, false, nullptr, "names it", std::move(names)});
  readers.find(text, [&](const Readers::Word& word) {
    if (word.question != nullptr && find_name(text, word.question->answer, "_") != text.npos) return;
    hits.push_back({path, word.git, word.ecosystem, "has `" + std::string(word.text) + "`", {}, word.question});
  });
}

ContextHits search_context(const BuildContext& context) {
  ContextHits found;
  const Readers readers;
  const auto tree = project_tree(context);
  found.complete = tree->complete;
  std::size_t files = 0, bytes = 0;
  const auto& root = tree->directories.front();
  const bool has_dated_pages = root.has(".eleventy.js eleventy.config.*") ||
                               context.read("package.json").value_or("").find("@11ty/eleventy") != std::string::npos;
  // Extensions of Maven are in a hidden directory.
  constexpr const char* extensions = ".mvn/extensions.xml";
  if (const auto text = context.read(extensions)) search_text(readers, extensions, *text, found.hits);
  for (const auto& directory : tree->directories) {
    const bool aside = !is_searched_directory(directory.path);
    for (const auto& name : directory.names) {
      const bool page = has_dated_pages && is_page(name);
      if (page ? aside : aside ? !is_searched_aside(name) : !is_searched(name)) continue;
      if (++files > most_files || bytes > most_bytes) return found.complete = false, found;
      const auto path = join_context_path(directory.path, name);
      const auto text = context.read(path);
      if (!text || text->size() > largest_text) continue;
      bytes += text->size();
      if (!page) search_text(readers, path, *text, found.hits);
      else if (asks_for_git_date(*text)) found.hits.push_back({path, true, nullptr, "takes its date from Git"});
    }
  }
  return found;
}

// ---- what of it this Dockerfile has to do with ----------------------------------------------------------------------

std::set<const Ecosystem*> ecosystems_of(const Dockerfile& file) {
  std::set<const Ecosystem*> found;
  for (const auto& stage : file.stages())
    if (const auto* ecosystem = ecosystem_of(stage)) found.insert(ecosystem);
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& use : step.script->uses)
      if (const auto* ecosystem = find_ecosystem(*use.tool)) found.insert(ecosystem);
  });
  return found;
}

bool runs_make(const Dockerfile& file) {
  bool runs = false;
  for_each_script(file,
                  [&](const Stage&, const Step& step) { runs |= std::ranges::any_of(step.script->commands, is_make); });
  return runs;
}

bool is_shell_script(std::string_view name) {
  constexpr auto endings = std::to_array<std::string_view>({".bash", ".bat", ".cmd", ".ps1", ".sh", ".zsh"});
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_makefile(std::string_view name) {
  return name.ends_with(".mk") || name.ends_with("akefile") || name.ends_with("akefile.am");
}

// The scripts that texts of a context name, of those texts that run other files: all of them are read once, whatever
// the number of scripts.
class NamedScripts {
 public:
  explicit NamedScripts(const BuildContext& context) {
    const auto tree = project_tree(context);
    std::size_t bytes = 0;
    for (const auto& directory : tree->directories) {
      if (!is_searched_directory(directory.path)) continue;
      for (const auto& name : directory.names) {
        if (!(is_shell_script(name) || is_makefile(name) || directory.path == ".") || !is_searched(name)) continue;
        if (bytes > most_bytes) {
          complete_ = false;
          return;
        }
        const auto text = context.read(join_context_path(directory.path, name));
        if (!text) continue;
        bytes += text->size();
        read(*text, name);
      }
    }
  }

  // Whether a text of another name has it, maybe as the end of a longer word: `"$DIR"/run.sh`, `%~dp0run.cmd`. Beyond
  // what was read, one may.
  bool has(std::string_view name) const {
    const auto end = reversed(name);
    for (auto word = by_end_.lower_bound(end); word != by_end_.end() && word->first.starts_with(end); ++word)
      if (word->second.size() > 1 || *word->second.begin() != name) return true;
    return !complete_ || !std::ranges::all_of(name, is_of_name);
  }

 private:
  static bool is_of_name(char c) { return is_word_char(c) || c == '.' || c == '-'; }
  static std::string reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

  void read(std::string_view text, const std::string& by) {
    while (!text.empty()) {
      const auto begin = std::ranges::find_if(text, is_of_name);
      text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
      const auto end = std::ranges::find_if_not(text, is_of_name);
      auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
      text.remove_prefix(word.size());
      while (word.ends_with('.') || word.ends_with('-')) word.remove_suffix(1);  // of a sentence
      if (!is_shell_script(word) && !is_makefile(word)) continue;
      word.remove_prefix(word.size() - std::min(word.size(), limits::longest_name));
      auto& names = by_end_[reversed(word)];
      if (names.size() < 2) names.insert(by);
    }
  }

  std::map<std::string, std::set<std::string>, std::less<>>
      by_end_;  // words, from their ends; two texts that have each
  bool complete_ = true;
};

// A script that nothing of the build names is for people.
class Named {
 public:
  explicit Named(const Dockerfile& file) : file_(file), runs_make_(runs_make(file)) {}

  bool is_run(const std::string& path) const {
    const auto name = path_basename(path);
    const auto& source = file_.source();
    // Rails makes `bin/dev` for people: it starts foreman.
    if (name == "dev" && path_basename(path_parent(path)) == "bin") return source.find("bin/dev") != source.npos;
    if (is_taskfile(name)) return source.find("task") != source.npos || runs_make_;
    if (name == "Rakefile") return source.find("rake") != source.npos || source.find("rails") != source.npos;
    if (const auto aside = aside_at(path_parent(path)); !aside.empty())
      return source.find(aside) != source.npos || source.find("sphinx") != source.npos || runs_make_;
    if (!is_makefile(name) && !is_shell_script(name)) return true;
    return (runs_make_ && is_makefile(name)) || file_.source().find(name) != std::string_view::npos ||
           named_by_text(name);
  }

 private:
  bool named_by_text(std::string_view name) const {
    const auto [known, is_new] = by_text_.try_emplace(std::string(name));
    if (is_new) {
      const auto& context = file_.context();
      known->second = context.answer("the scripts that texts name", [&] { return NamedScripts(context); })->has(name);
    }
    return known->second;
  }

  const Dockerfile& file_;
  bool runs_make_;
  mutable std::map<std::string, bool> by_text_;
};

// The text, and its words without quotes and commas.
std::string with_plain_words(std::string_view text) {
  std::string words(text);
  for (const char c : text)
    if (std::string_view("[]\",").find(c) == std::string_view::npos) words += c;
  return words;
}

bool uses_tool_of(const Stage& stage, const Ecosystem* ecosystem) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             return find_ecosystem(*use.tool) == ecosystem;
           });
  });
}

// Whether a library that asks for the commit gets an answer from Git: nothing else says it, and the image in which it
// asks may have what that takes.
bool is_asked(const Dockerfile& file, const Ecosystem* ecosystem, const GitQuestion& question) {
  if (file.source().find(question.variable) != file.source().npos ||
      file.context().origin().environment.contains(question.variable))
    return false;
  return !question.needs_program || std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return (question.when_it_starts ? file.ships(stage) : uses_tool_of(stage, ecosystem)) &&
           package_of_absent(file, stage, "git").empty();
  });
}

// What the RUNs themselves do, and what is started.
void search_runs(const Dockerfile& file, const std::set<const Ecosystem*>& ecosystems, ContextReaders& found) {
  const Readers readers;
  const bool of_language = std::ranges::any_of(ecosystems, [](const auto* each) { return !each->language.empty(); });
  for (const auto& stage : file.stages()) {
    readers.find(stage.base.text, [&](const Readers::Word& word) {
      if (!word.git) found.settings.push_back({"", {}, "`" + std::string(word.text) + "` reads it"});
    });
    for (const auto& step : stage.steps) {
      const auto keyword = step.instruction->keyword;
      if (keyword != Keyword::run && keyword != Keyword::cmd && keyword != Keyword::entrypoint) continue;
      const std::string_view source = slice(file.source(), step.instruction->span);
      // As a shell has it too: `CMD ["pipenv", "run", "gunicorn"]`.
      const auto text = keyword == Keyword::run ? std::string(source) : with_plain_words(source);
      const std::string who = keyword == Keyword::run ? "a RUN" : keyword == Keyword::cmd ? "CMD" : "ENTRYPOINT";
      if (found.git.empty() && names_git_data(text)) found.git = who + " asks for Git's data";
      if (const auto question = git_question(text); found.git.empty() && !question.empty())
        found.git = who + " runs `git " + std::string(question) + "`";
      if (auto names = named_settings(text); found.settings.empty() && !names.empty())
        found.settings.push_back({"", std::move(names), who + " names it"});
      readers.find(text, [&](const Readers::Word& word) {
        const auto reason = who + " has `" + std::string(word.text) + "`";
        if (word.question != nullptr) return;
        if (!ecosystems.contains(word.ecosystem) && (word.git || of_language)) return;
        if (word.git && found.git.empty()) found.git = reason;
        if (!word.git && found.settings.empty()) found.settings.push_back({"", {}, reason});
      });
    }
  }
}

constexpr std::size_t most_settings_readers = 200;

// Whether a text names the file at a path, or has words of a library that reads what lies in its own directory.
bool names_file(const SettingsReader& reader, std::string_view path) {
  const auto name = path_basename(path);
  return reader.names.empty() || std::ranges::any_of(reader.names, [&](const std::string& each) {
           return each == name || (each.ends_with('.') && name.starts_with(".env"));
         });
}

// What a manifest lists is used in its own directory, where such libraries look.
bool is_manifest(std::string_view name) {
  constexpr std::string_view names[] = {"go.mod", "mix.exs", "package.json", "pom.xml"};
  return std::ranges::find(names, name) != std::end(names) || name.starts_with("build.gradle");
}

bool lies_beside(const SettingsReader& reader, std::string_view path) {
  if (reader.path.empty()) return true;
  if (reader.names.empty() && is_manifest(path_basename(reader.path)))
    return path_parent(reader.path) == path_parent(path);
  const auto directory = path_parent(reader.path), place = path_parent(path);
  const auto contains = [](std::string_view outer, std::string_view inner) {
    return outer.empty() || outer == "." || path_is_under(inner, outer);
  };
  // A text may name what lies in directories below its own; a library looks where it is used.
  return contains(place, directory) || (!reader.names.empty() && contains(directory, place));
}

}  // namespace

std::string ContextReaders::reader_of(std::string_view path) const {
  if (settings.empty()) return {};
  const auto reads = [&](const SettingsReader& each) { return names_file(each, path) && lies_beside(each, path); };
  // The one that is nearest to it, and best known.
  const auto rank = [&](const SettingsReader& each) {
    return (path_parent(each.path) == path_parent(path) ? 2 : 0) + (is_manifest(path_basename(each.path)) ? 1 : 0);
  };
  const SettingsReader* best = nullptr;
  for (const auto& each : settings)
    if (reads(each) && (best == nullptr || rank(each) > rank(*best))) best = &each;
  return best != nullptr ? best->reason : "the program may read it";
}

ContextReaders find_context_readers(const Dockerfile& file) {
  ContextReaders found;
  const auto ecosystems = ecosystems_of(file);
  search_runs(file, ecosystems, found);
  const auto& context = file.context();
  const auto searched = context.answer("what reads Git's data", [&] { return search_context(context); });
  const Named named(file);
  for (const auto& hit : searched->hits) {
    if (hit.git ? !found.git.empty() : found.settings.size() >= most_settings_readers) continue;
    const bool concerned = hit.ecosystem == nullptr || ecosystems.empty() || ecosystems.contains(hit.ecosystem);
    if (!concerned || !named.is_run(hit.path)) continue;
    if (hit.question != nullptr && !is_asked(file, hit.ecosystem, *hit.question)) continue;
    const auto reason = "`" + hit.path + "` " + hit.what;
    if (hit.git) found.git = reason;
    else found.settings.push_back({hit.path, hit.names, reason});
  }
  if (!searched->complete) {
    const std::string unknown = "the project is too large to be searched for what reads it";
    if (found.git.empty()) found.git = unknown;
    if (found.settings.empty()) found.settings.push_back({"", {}, unknown});
  }
  return found;
}

}  // namespace dockhew::inline flow
