#include "flow/unwanted_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "flow/context_readers.hpp"
#include "flow/generated_makers.hpp"
#include "flow/project_tree.hpp"
#include "flow/removed_unread.hpp"
#include "flow/secret_files.hpp"
#include "flow/source_words.hpp"
#include "flow/wide_copies.hpp"
#include "model/context_path.hpp"
#include "model/ignore_text.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

using Cost = UnwantedFile::Cost;
using Holds = GeneratedDirectory::Holds;

// What editors and systems leave in any project.
constexpr auto personal = std::to_array<std::string_view>({".DS_Store", ".idea", ".vs", ".vscode"});
// Of these, what many projects keep, and an image for developers may be opened with.
constexpr std::string_view shared_by_projects = ".vscode";
// What other tools leave there, whatever the project is made with.
constexpr auto remains = std::to_array<std::string_view>({".terraform", ".vagrant"});

// Whether the ignore file keeps out a path, or what lies in it; or says itself that it is wanted.
bool is_settled(const BuildContext& context, const std::string& path) {
  const auto& ignore = context.ignore();
  return names_exception(ignore.text(), path) || ignore.excludes(path) || ignore.excludes(path + "/any") ||
         ignore.excludes(path + "/any.pyc");
}

// Whether a path lies in the context, or will for whoever works there, and is not part of the project. `expected`: it
// will, whatever Git is told.
struct Presence {
  bool there = false, unversioned = false;
};
std::optional<Presence> presence_of(const BuildContext& context, const ProjectTree& tree, const std::string& path,
                                    bool is_directory, bool expected = false) {
  if (is_settled(context, path)) return std::nullopt;
  const auto kind = context.kind_if_not_ignored(path);
  const bool there = kind == (is_directory ? PathKind::directory : PathKind::file);
  if (kind != PathKind::absent && !there) return std::nullopt;
  const bool ignored = is_directory ? tree.ignored.ignores_all_of(path) : tree.ignored.ignores(path, false);
  const auto versioned = there ? context.is_versioned(path) : std::optional(false);
  if (versioned == true || (!there && !ignored && !expected)) return std::nullopt;
  return Presence{there, ignored || (there && versioned == false)};
}

bool has_build_without_program(const Dockerfile& file, const Stage& stage) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             const auto* ecosystem = find_ecosystem(*use.tool);
             return ecosystem != nullptr && ecosystem->missing_for_build != nullptr &&
                    !ecosystem->missing_for_build({file, stage, step}, use).reason.empty();
           });
  });
}

// ---- what one COPY brings -------------------------------------------------------------------------------------------

class Search {
 public:
  Search(const Dockerfile& file, const WideCopy& copy)
      : file_(file),
        context_(file.context()),
        tree_(project_tree(context_)),
        copy_(copy),
        makers_(file, copy),
        ships_(file.ships(*copy.stage)),
        lacks_program_(has_build_without_program(file, *copy.stage)) {}

  std::vector<UnwantedFile> files() {
    for (const auto& directory : tree_->directories)
      if (copy_.directory == "." || path_is_under(directory.path, copy_.directory)) add_generated(directory);
    if (copy_.directory == ".") add_git();
    add_removed();
    add_secrets();
    if (ships_ && !found_.empty()) {
      for (const auto name : remains) add_remains(join_context_path(copy_.directory, name), true);
      for (const auto name : personal)
        add_remains(join_context_path(copy_.directory, name), name != ".DS_Store", name != shared_by_projects);
    }
    return std::move(found_);
  }

 private:
  // Where a path of the context lies in the image; empty when that is not known.
  std::string in_image(const std::string& path) const {
    if (copy_.image.empty()) return {};
    return resolve_path(copy_.image, relative_path(copy_.directory, path));
  }

  void add_generated(const ProjectTree::Directory& directory) {
    for (const auto* ecosystem : all_ecosystems())
      for (const auto& generated : ecosystem->generated_directories)
        if (directory.has(generated.beside)) add_generated(directory, *ecosystem, generated);
  }

  void add_generated(const ProjectTree::Directory& directory, const Ecosystem& ecosystem,
                     const GeneratedDirectory& generated) {
    UnwantedFile unwanted{.path = join_context_path(directory.path, generated.path)};
    // Whoever works on the project installs its packages.
    const bool usual = generated.holds == Holds::packages && generated.made_by.empty() && !generated.may_be_written &&
                       !generated.of_any_installation;
    const auto presence = presence_of(context_, *tree_, unwanted.path, true, usual);
    if (!presence) return;
    // A list of what Git leaves alone is often that of a framework, or of a language.
    const bool expected = generated.of_any_installation && directory.path == "." && !is_below_root() && !is_template();
    if (!presence->there && !expected && !generated.made_by.empty() && !names_maker(directory, generated)) return;
    if (!presence->there && is_made_elsewhere(directory, generated)) return;
    if (!presence->there && (generated.holds == Holds::remains || is_in_workspace(directory, generated))) return;
    // An environment is made at the root of a project, and not in each of its parts.
    if (!presence->there && generated.of_any_installation && directory.path != ".") return;
    // In a tree without Git's data, what Git was told to leave alone may be part of the project nevertheless.
    const bool known = !presence->there || context_.is_versioned(unwanted.path).has_value();
    const bool proved = presence->there && !generated.proof.empty() &&
                        context_.exists(join_context_path(unwanted.path, std::string(generated.proof)));
    if (generated.may_be_written && !proved && !(presence->unversioned && known)) return;
    // Some keep their packages in Git; an environment is never one for another machine.
    if (proved && !presence->unversioned && !generated.of_any_installation)
      unwanted.needed = "whether Git keeps it is not known";
    unwanted.there = presence->there;
    if (generated.holds == Holds::remains) {
      if (!ships_ || !concerns(ecosystem)) return;
      if (generated.anywhere) unwanted.everywhere = generated.path;
    } else {
      // A build that lacks a program works only with what whoever builds has of it.
      if (lacks_program_) return;
      // Other tools are told on their command line what to build: `dotnet publish app/app.csproj`.
      const bool names_none = !generated.workspace.empty() || !generated.made_by.empty();
      const auto of = names_none && !presence->there && !is_of_many() ? GeneratedMakers::Of::this_one
                                                                      : GeneratedMakers::Of::any_above;
      const auto made = makers_.made(ecosystem, generated, in_image(unwanted.path), in_image(directory.path), of);
      if (made == Made::no) return;
      unwanted.cost = made == Made::before ? Cost::replaces : Cost::made_again;
      unwanted.packages = generated.holds == Holds::packages;
      unwanted.of_host = made == Made::after && generated.of_any_installation;
    }
    found_.push_back(std::move(unwanted));
  }

  // Whether tools that run at the root install and build in the directories of all packages.
  bool is_of_many() const {
    const auto& root = tree_->directories.front();
    return root.has("lerna.json pnpm-workspace.yaml turbo.json") ||
           context_.read_if_not_ignored("package.json").value_or("").find("\"workspaces\"") != std::string::npos;
  }

  // `build: { outDir: "../public" }`
  bool is_moved(const ProjectTree::Directory& directory, const GeneratedDirectory& generated) const {
    const auto words = split_words(generated.moved_by);
    if (words.size() != 2) return false;
    return std::ranges::any_of(directory.names, [&](const std::string& name) {
      if (!glob_match(words[0], name)) return false;
      const auto text = context_.read_if_not_ignored(join_context_path(directory.path, name)).value_or("");
      const auto key = text.find(words[1]);
      const auto quote = key == text.npos ? key : text.find_first_of("\"'`,}\n", key + words[1].size());
      if (quote == text.npos || text[quote] == ',' || text[quote] == '}' || text[quote] == '\n') return false;
      const auto end = text.find(text[quote], quote + 1);
      return end != text.npos && clean_path(text.substr(quote + 1, end - quote - 1)) != generated.path;
    });
  }

  bool is_made_elsewhere(const ProjectTree::Directory& directory, const GeneratedDirectory& generated) const {
    if (is_moved(directory, generated)) return true;
    if (generated.made_elsewhere.empty()) return false;
    const auto manifest = context_.read_if_not_ignored(join_context_path(directory.path, generated.beside));
    return std::ranges::any_of(split_words(generated.made_elsewhere), [&](std::string_view word) {
      return manifest.value_or("").find(word) != std::string::npos;
    });
  }

  // Whether the settings of the project name what makes the directory, or the directory itself.
  bool names_maker(const ProjectTree::Directory& directory, const GeneratedDirectory& generated) const {
    constexpr std::string_view settings[] = {
        "package.json",  "tsconfig*.json",  "next.config.*",    "rollup.config.*", "svelte.config.*",
        "vite.config.*", "vitest.config.*", "webpack.config.*", "pyproject.toml",  "requirements*.txt",
        "setup.cfg",     "tox.ini",         "Pipfile",          "pytest.ini"};
    constexpr std::string_view instructions[] = {"README*", "Makefile", "*.sh", "*.ps1"};
    const std::string path(generated.path);
    const auto has = [](const std::string& text, std::string_view part) { return text.find(part) != text.npos; };
    if (!generated.made_with.empty() && directory.has(generated.made_with)) return true;
    return std::ranges::any_of(directory.names, [&](const std::string& name) {
      const auto matches = [&](std::string_view each) { return glob_match(each, name); };
      const bool read = std::ranges::any_of(settings, matches) ||
                        (generated.of_any_installation && std::ranges::any_of(instructions, matches));
      const auto text = read ? context_.read_if_not_ignored(join_context_path(directory.path, name)).value_or("") : "";
      const bool own = has_path(text, path) || has(text, '/' + path + '"') || has(text, '/' + path + '\'') ||
                       (name != "package.json" && (has(text, '"' + path + '"') || has(text, '\'' + path + '\'')));
      return own || std::ranges::any_of(split_words(generated.made_by),
                                        [&](std::string_view word) { return has(text, word); });
    });
  }

  // `venv/bin/activate`, `python -m venv venv`, but not `.venv/bin/activate`.
  static bool has_path(std::string_view text, const std::string& path) {
    if (text.find(" venv " + path) != text.npos) return true;
    for (auto at = text.find(path + '/'); at != text.npos; at = text.find(path + '/', at + 1)) {
      const char before = at == 0 ? ' ' : text[at - 1];
      const bool joins = before == '.' || before == '-' || before == '_' || ('a' <= before && before <= 'z') ||
                         ('A' <= before && before <= 'Z') || ('0' <= before && before <= '9');
      if (!joins || path.starts_with('.')) return true;
    }
    return false;
  }

  // Whether the file has anything to do with an ecosystem.
  bool concerns(const Ecosystem& ecosystem) const {
    if (ecosystem_of(*copy_.stage) == &ecosystem) return true;
    return std::ranges::any_of(copy_.stage->steps, [&](const Step& step) {
      return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
               return find_ecosystem(*use.tool) == &ecosystem;
             });
    });
  }

  // Whether a directory above has what the packages of a workspace share. pnpm links into each.
  bool is_in_workspace(const ProjectTree::Directory& directory, const GeneratedDirectory& generated) const {
    if (generated.workspace.empty() || directory.path == "." || tree_->directories.front().has("pnpm-workspace.yaml"))
      return false;
    return std::ranges::any_of(tree_->directories, [&](const ProjectTree::Directory& other) {
      if (other.path == directory.path || (other.path != "." && !path_is_under(directory.path, other.path)))
        return false;
      const auto manifest = join_context_path(other.path, generated.beside);
      return context_.read_if_not_ignored(manifest).value_or("").find(generated.workspace) != std::string::npos;
    });
  }

  // Whether the list of what Git leaves alone has every name that an environment of Python can have.
  bool is_template() const { return tree_->ignored.ignores_all_of(".venv") && tree_->ignored.ignores_all_of("venv"); }

  // Whether the context is a directory of the repository and not all of it.
  bool is_below_root() const {
    const auto& repository = context_.origin().repository;
    return repository != nullptr && repository->entries(".") != context_.files().entries(".");
  }

  // A clone has it wherever these are understood: at the root of a repository.
  void add_git() {
    constexpr auto signs = std::to_array<const char*>({".circleci", ".github", ".gitlab-ci.yml", ".gitmodules"});
    const auto kind = context_.kind_if_not_ignored(".git");
    if (is_settled(context_, ".git") || (kind != PathKind::absent && kind != PathKind::directory)) return;
    const bool root = kind == PathKind::directory || std::ranges::any_of(signs, [&](const char* sign) {
                        return context_.kind_if_not_ignored(sign) != PathKind::absent;
                      });
    // The signs may lie below the root as well.
    if (root && !(kind == PathKind::absent && is_below_root()))
      found_.push_back({.path = ".git", .cost = Cost::every_commit, .there = kind == PathKind::directory});
  }

  void add_removed() {
    for (const auto& removed : removed_unread(file_, copy_)) {
      auto path = join_context_path(copy_.directory, relative_path(copy_.image, removed));
      if (!is_settled(context_, path) && context_.kind_if_not_ignored(path) != PathKind::absent)
        found_.push_back({.path = std::move(path), .cost = Cost::removed, .there = true});
    }
  }

  void add_secrets() {
    for (const auto& directory : tree_->directories) {
      if (copy_.directory != "." && !path_is_under(directory.path, copy_.directory)) continue;
      for (const auto& name : directory.names) {
        const auto path = join_context_path(directory.path, name);
        if (!name.starts_with(".env")) add_secret(path);
        // Hidden directories are not entered.
        for (const auto* file : {"config", "config.json", "credentials"})
          if (name.starts_with('.')) add_secret(join_context_path(path, file));
      }
      for (const auto* name : {".env", ".env.production"})
        add_secret(join_context_path(directory.path, name), directory);
    }
  }

  // What a file certainly holds; empty where its name may be that of something else.
  std::string_view held_by(const std::string& path, const SecretFile* secret) const {
    const bool asked = may_hold_key(path) || (secret != nullptr && !secret->mark.empty());
    if (!asked || is_for_trials(path) || is_settled(context_, path)) return {};
    const auto text = context_.read(path);
    if (!text) return {};
    if (const auto key = held_key(*text); !key.empty()) return key;
    return secret != nullptr && has_mark(*secret, *text) ? secret->title : std::string_view();
  }

  void add_secret(const std::string& path) {
    const auto* secret = secret_file(path);
    if (secret != nullptr && secret->may_be_plain) return;
    const auto holds = held_by(path, secret);
    if (secret == nullptr && holds.empty()) return;
    // What Git keeps is part of the project, and a leak where its text says so.
    const auto presence = presence_of(context_, *tree_, path, context_.kind(path) == PathKind::directory);
    const bool kept = !presence || !presence->unversioned;
    if (kept && holds.empty()) return;
    found_.push_back({.path = path, .cost = Cost::leaks, .there = kept || presence->there, .holds = holds});
    if (context_.is_versioned(path) == true) found_.back().needed = "Git keeps it";
    else if (secret == nullptr || secret->of_program) found_.back().needed = "the program may read it";
    else if (is_named(path)) found_.back().needed = "a text of the project names it";
  }

  // Whether anything may ask for a file by its name, or by that of the hidden directory in which a tool looks for it.
  bool is_named(const std::string& path) const {
    const auto above = path_basename(path_parent(path));
    const std::string_view words[] = {above.size() > 1 && above.starts_with('.') ? above : path_basename(path)};
    return file_.source().find(words[0]) != std::string::npos || source_may_have(context_, words);
  }

  // Every list of what Git leaves alone has this name, so there must be a sign that the project has such a file.
  void add_secret(const std::string& path, const ProjectTree::Directory& directory) {
    const auto presence = presence_of(context_, *tree_, path, false);
    if (!presence || !presence->unversioned) return add_kept_secret(path);
    constexpr std::string_view samples =
        ".env.default* .env.dist .env.example .env.local* .env.sample .env.template .env-example .env-sample "
        "example.env sample.env";
    if (!presence->there && !(path_basename(path) == ".env" && directory.has(samples))) return;
    found_.push_back({.path = path, .cost = Cost::leaks, .there = presence->there});
  }

  // Git keeps it, or nobody has told it not to: what it says decides.
  void add_kept_secret(const std::string& path) {
    const auto text = is_settled(context_, path) ? std::nullopt : context_.read(path);
    if (!text || !gives_credentials(*text)) return;
    found_.push_back({.path = path, .cost = Cost::leaks, .there = true});
    if (context_.is_versioned(path) == true) found_.back().needed = "Git keeps it";
  }

  // Where Git is only told to leave it alone, it is mostly told so of any project. What belongs to an editor is of no
  // use in any image, unless Git is known to keep it.
  void add_remains(const std::string& path, bool is_directory, bool of_editor = false) {
    const auto presence = presence_of(context_, *tree_, path, is_directory);
    if (presence && presence->there && (presence->unversioned || of_editor))
      found_.push_back({.path = path, .cost = Cost::nothing_used, .there = presence->there});
  }

  const Dockerfile& file_;
  const BuildContext& context_;
  std::shared_ptr<const ProjectTree> tree_;
  const WideCopy& copy_;
  GeneratedMakers makers_;
  bool ships_;
  bool lacks_program_;  // in the stage of the COPY
  std::vector<UnwantedFile> found_;
};

// Whether a COPY brings the file, if it lies there.
bool covers(const WideCopy& copy, const std::string& path) {
  return copy.directory == "." || path_is_under(path, copy.directory);
}

// What may not go, and why: something of the build or of the program reads it.
void find_needs(const Dockerfile& file, std::vector<UnwantedFile>& files) {
  const bool asks = std::ranges::any_of(
      files, [](const UnwantedFile& each) { return each.cost == Cost::every_commit || each.cost == Cost::leaks; });
  if (!asks) return;
  const auto readers = find_context_readers(file);
  for (auto& each : files) {
    if (each.cost == Cost::every_commit) each.needed = readers.git;
    const bool settings = each.cost == Cost::leaks && path_basename(each.path).starts_with(".env");
    if (auto reader = settings ? readers.reader_of(each.path) : std::string(); !reader.empty())
      each.needed = std::move(reader);
  }
  // Where Git's data is read it is wanted.
  std::erase_if(files,
                [](const UnwantedFile& each) { return each.cost == Cost::every_commit && !each.needed.empty(); });
}

// A directory that another COPY brings without making it is wanted there.
void require_makers(const std::vector<WideCopy>& copies, const std::vector<std::set<std::string_view>>& found,
                    UnwantedFile& file) {
  if (file.cost != Cost::made_again && file.cost != Cost::removed && file.cost != Cost::replaces) return;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (covers(copies[i], file.path) && !found[i].contains(file.path))
      file.needed = file.cost == Cost::removed
                        ? "another COPY brings it"
                        : "another COPY brings it, of whose stage it is not known that it makes its own";
  }
}

}  // namespace

const UnwantedFile& UnwantedFiles::worst() const {
  const auto counts = [](const UnwantedFile& each) { return each.needed.empty() || each.cost == Cost::leaks; };
  const auto first = std::ranges::find_if(files, counts);
  if (first == files.end()) return files.front();
  const auto* worst = &*first;
  for (const auto& each : files)
    if (counts(each) && each.cost == worst->cost && each.span.begin < worst->span.begin) worst = &each;
  return *worst;
}

std::optional<UnwantedFiles> find_unwanted_files(const Dockerfile& file) {
  if (!file.context().is_known()) return std::nullopt;
  constexpr std::size_t most_copies = 20;  // each is compared with all steps
  auto copies = find_wide_copies(file);
  copies.resize(std::min(copies.size(), most_copies));
  std::vector<std::vector<UnwantedFile>> found;
  for (const auto& copy : copies) found.push_back(Search(file, copy).files());
  std::map<std::string, UnwantedFile> all;
  UnwantedFiles result;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    for (auto each : found[i]) {
      each.stage = copies[i].stage;
      each.span = copies[i].span;
      auto& known = all.emplace(each.path, each).first->second;
      if (each.cost > known.cost) known = each;
    }
  }
  for (auto& [path, each] : all) result.files.push_back(std::move(each));
  std::vector<std::set<std::string_view>> paths(found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& each : found[i]) paths[i].insert(each.path);
  for (auto& each : result.files) require_makers(copies, paths, each);
  find_needs(file, result.files);
  // A list of what Git leaves alone is often one for all projects: only what lies there is worth a word by itself.
  const auto counts = [](const UnwantedFile& each) { return each.cost != Cost::nothing_used || each.there; };
  if (std::ranges::none_of(result.files, counts)) return std::nullopt;
  std::ranges::stable_sort(result.files, std::greater(), &UnwantedFile::cost);
  return result;
}

}  // namespace dockhew::inline flow
