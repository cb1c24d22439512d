#include "verify/left_out.hpp"

#include <algorithm>
#include <cctype>

#include "ecosystems/ecosystem.hpp"
#include "image/path_classes.hpp"
#include "text/path.hpp"

namespace dockhew::inline verify {
namespace {

constexpr std::string_view development_packages = "packages that only development needs";
constexpr std::string_view records = "links and lists of packages";
constexpr std::string_view sources = "sources and build files";
constexpr std::string_view build_output = "build output";
constexpr std::string_view installation = "lists of dependencies";
constexpr std::string_view documents = "documents and settings of the repository";

bool matches(Words globs, std::string_view name) {
  return std::ranges::any_of(globs, [&](std::string_view glob) { return glob_match(glob, name); });
}

bool is_of_interpreter(Words Interpreter::*globs, std::string_view name) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    return ecosystem->interpreter != nullptr && matches(ecosystem->interpreter->*globs, name);
  });
}

// What is installed for the program counts like the program.
bool is_installed(std::string_view path) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    const auto* interpreter = ecosystem->interpreter;
    return interpreter != nullptr && interpreter->is_installed != nullptr && interpreter->is_installed(path);
  });
}

// At the root of a project.
bool is_document(std::string_view relative) {
  constexpr std::string_view names[] = {"CHANGELOG*",   "CONTRIBUTING*", "Containerfile*", "Dockerfile*",
                                        "LICENSE*",     "NOTICE*",       "README*",        "docker-compose*",
                                        "compose.y*ml", ".*ignore",      ".editorconfig",  ".gitattributes"};
  const auto first = relative.substr(0, relative.find('/'));
  if (first == ".git" || first == ".github" || first == ".gitlab") return true;
  return first == relative && matches(names, first);
}

// What a build packs into its program.
bool is_packed(const BuildContext& context, std::string_view relative) {
  return context.is_known() && std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
           const auto* runtime = ecosystem->runtime;
           return runtime != nullptr && runtime->is_packed != nullptr &&
                  runtime->is_packed(context, ".", relative.substr(0, relative.find('/')));
         });
}

bool is_settings(std::string_view name) { return name.starts_with(".env"); }

// As the conversion tells the source from what a program may read: whatever is in a directory of these names, too.
bool is_source(const Facts& facts, std::string_view relative) {
  for (std::string_view rest = relative; !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto name = rest.substr(0, end);
    const bool directory = end < rest.size();
    // Settings of the program are hidden files as well.
    if (is_settings(name)) return false;
    if (name.starts_with('.') || (directory && name == "src")) return true;
    if (matches(facts.build_files, directory ? std::string(name) + "/" : std::string(name))) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// A directory that tools make for what they build, or a file of a kind that only linkers read.
bool is_build_output(const std::string& path, std::string_view relative) {
  const auto kind = kind_of_file(path);
  if (kind == "build output" || kind == "static libraries" || kind == "headers") return true;
  constexpr std::string_view directories[] = {".gradle", "CMakeFiles", "_build", "bin", "build", "obj", "out"};
  for (std::string_view rest = relative; rest.find('/') != rest.npos; rest.remove_prefix(rest.find('/') + 1))
    if (const auto name = rest.substr(0, rest.find('/'));
        std::ranges::find(directories, name) != std::end(directories) || name.starts_with("cmake-build"))
      return true;
  return false;
}

// Whether bytes hold a name that is not a part of a longer word, such as the symbol `runtime.envs`, or the name of one
// of the libraries that read `.env`, which are all called so.
bool names_settings(std::string_view bytes, std::string_view name) {
  if (bytes.find("dotenv") != bytes.npos) return true;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto at = bytes.find(name); at != bytes.npos; at = bytes.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_word(bytes[at - 1])) && (end == bytes.size() || !is_word(bytes[end]))) return true;
  }
  return false;
}

}  // namespace

LeftOut::LeftOut(const Facts& facts, const Image& original, const BuildContext& context, const StartedProgram& program,
                 std::set<std::string> places)
    : facts_(facts), original_(original), context_(context), program_(program), places_(std::move(places)) {
  for (const auto& place : places_)
    for (const auto* ecosystem : all_ecosystems())
      if (ecosystem->interpreter != nullptr && ecosystem->interpreter->development_packages != nullptr)
        development_.merge(ecosystem->interpreter->development_packages(original, place));
}

std::string_view LeftOut::operator()(const std::string& path) const {
  for (std::string_view at = path; at.size() > 1; at = path_parent(at)) {
    if (program_.packages.contains(std::string(at))) break;  // a common mistake: what runs loads it
    if (development_.contains(std::string(at)))
      return path_basename(at).starts_with('.') ? records : development_packages;
  }
  // Of nested places the innermost.
  for (std::string_view at = path; at.size() > 1; at = path_parent(at))
    if (places_.contains(std::string(at)))
      return kind_in_project(path, at == path ? path_basename(path) : std::string_view(path).substr(at.size() + 1));
  if (!program_.compiled && is_installed(path)) return {};
  return kind_of_file(path);
}

std::string_view LeftOut::kind_in_project(const std::string& path, std::string_view relative) const {
  const bool native = program_.compiled && program_.texts.empty();
  if (is_in_packages(path) && !native) return {};
  if (is_named(path, relative)) return {};
  const auto name = path_basename(path);
  if (is_of_interpreter(&Interpreter::installation, name)) return installation;
  if (is_document(relative)) return documents;
  if (!program_.compiled) return {};
  if (native) {
    if (is_settings(name)) return is_named_by_compiled(name) ? std::string_view() : sources;
    if (is_source(facts_, relative) || is_packed(context_, relative)) return sources;
    return !is_of_context(context_, path) && is_build_output(path, relative) ? build_output : std::string_view();
  }
  // What was compiled runs as text beside its source: only what the source has of that language is left out.
  if (is_of_interpreter(&Interpreter::sources, name)) return sources;
  const bool source = find_interpreter_of(name) != nullptr || is_source(facts_, relative);
  return source && is_of_context(context_, path) ? sources : std::string_view();
}

// Of a program that was not kept nothing is known.
bool LeftOut::is_named_by_compiled(std::string_view name) const {
  return std::ranges::any_of(program_.compiled_files, [&](const std::string& path) {
    const auto* file = find_file(original_, path);
    return file == nullptr || file->text.empty() || names_settings(file->text, name);
  });
}

// By its path, by a directory that it lies in, or by its name.
bool LeftOut::is_named(const std::string& path, std::string_view relative) const {
  if (program_.texts.contains(path) || program_.named.contains(path)) return true;
  if (program_.named.contains(std::string(path_basename(path)))) return true;
  for (std::string_view at = relative; at != "." && at != "/"; at = path_parent(at))
    if (program_.named.contains(std::string(at))) return true;
  return false;
}

}  // namespace dockhew::inline verify
