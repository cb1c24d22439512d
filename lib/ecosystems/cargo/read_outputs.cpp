#include "ecosystems/cargo/read_outputs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/cargo/layout.hpp"
#include "ecosystems/cargo/runtime.hpp"
#include "ecosystems/project_sources.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_path = 200;

// `concat!(env!("OUT_DIR"), "/x.json")` that is not compiled in, as `include_str!` does.
bool reads_output_directory(std::string_view source) {
  constexpr std::string_view mark = "env!(\"OUT_DIR\")";
  for (auto at = source.find(mark); at != source.npos; at = source.find(mark, at + 1)) {
    constexpr std::size_t longest_statement = 400;
    const auto begin = at - std::min(at, longest_statement);
    const auto before = source.substr(begin, at - begin);
    const auto statement = before.substr(before.find_last_of(";{}") + 1);
    if (statement.find("include") == statement.npos) return true;
  }
  return false;
}

struct Made {
  std::set<std::string, std::less<>> files;  // names of files that build scripts name and that are not in the context
  // Directories that build scripts may name and that are not in the context: "gen", "public" of "public/out.css", and
  // whether the name is certainly that of a directory, as the second is.
  std::map<std::string, bool, std::less<>> directories;
  std::set<std::string, std::less<>> libraries;  // "plug": of packages that are built as libraries to be loaded
};

// The first part of a path: "public" of "./public/out.css".
std::string_view first_part(std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  return path.substr(0, path.find('/'));
}

// `lib.name`, or the package's name as the compiler writes it.
std::string library_name(std::string_view manifest) {
  auto name = std::string_view();
  for (const std::string_view section : {"[lib]", "[package]"}) {
    const auto begin = manifest.find(section);
    if (begin == manifest.npos) continue;
    auto part = manifest.substr(begin + section.size());
    part = part.substr(0, part.find("\n["));
    const auto key = part.find("\nname");
    if (key == part.npos) continue;
    part.remove_prefix(key);
    const auto quote = part.find('"');
    if (quote == part.npos) continue;
    part.remove_prefix(quote + 1);
    name = part.substr(0, part.find('"'));
    break;
  }
  std::string result(name);
  std::ranges::replace(result, '-', '_');
  return result;
}

Made read_packages(const BuildContext& context, const CargoLayout& layout) {
  Made made;
  for (const auto& path : layout.manifests) {
    if (path_basename(path) != "Cargo.toml") continue;
    const auto parent = path_parent(path);
    const auto directory = parent.empty() ? std::string(".") : std::string(parent);
    const auto manifest = context.read(path).value_or("");
    if (manifest.find("cdylib") != manifest.npos || manifest.find("\"dylib\"") != manifest.npos)
      if (auto name = library_name(manifest); !name.empty()) made.libraries.insert(std::move(name));
    const auto script = context.read(join_context_path(directory, "build.rs")).value_or("");
    for (const auto text : texts_in_quotes(script)) {
      const auto name = path_basename(text);
      const bool plain = name.find('.') != name.npos && text.find_first_of(" {}:=*") == text.npos;
      if (plain && !name.ends_with(".rs") && !context.exists(join_context_path(directory, std::string(text))))
        made.files.insert(std::string(name));
      const auto first = first_part(text);
      const bool media_type = first == "application" || first == "image" || first == "text";
      if (!media_type && !first.empty() && first != "." && first != ".." &&
          text.find_first_of(" {}:=*$") == text.npos &&
          !context.exists(join_context_path(directory, std::string(first))))
        made.directories[std::string(first)] |= first.size() < text.size();
    }
  }
  return made;
}

// Crates that load libraries when the program runs, by names that may be put together.
Obstacle obstacle_of_libraries(const std::string& path, std::string_view source, const Made& made) {
  constexpr std::string_view loaders[] = {"abi_stable::", "dlopen2::", "dlopen::", "libloading::", "sharedlib::"};
  if (made.libraries.empty()) return std::nullopt;
  for (const auto loader : loaders)
    if (source.find(loader) != source.npos)
      return Declined{"`" + path + "` loads libraries by `" + std::string(loader.substr(0, loader.size() - 2)) +
                      "`, and the build makes `" + *made.libraries.begin() +
                      "`, which the runtime stage would not have"};
  return std::nullopt;
}

// A text that is a path which a build script may make, or which lies among the results of the build.
Obstacle obstacle_of_place(const std::string& path, std::string_view text, const Made& made) {
  const auto first = first_part(text);
  const bool whole = text.find('/') != text.npos;
  const auto directory = made.directories.find(first);
  if (directory != made.directories.end() && (whole || directory->second))
    return Declined{"`" + path + "` names `" + std::string(text) +
                    "`, which `build.rs` may make, and the program may read it when it runs"};
  if (first == "target" && whole)
    return Declined{"`" + path + "` names `" + std::string(text) +
                    "`, and of the results of the build the runtime stage has the program alone"};
  return std::nullopt;
}

}  // namespace

Obstacle obstacle_of_read_outputs(const Conversion& conversion) {
  const auto& context = conversion.file.context();
  if (!context.is_known()) return std::nullopt;
  const auto root = source_root(conversion.file, conversion.stage);
  const auto layout = read_cargo_layout(context, root, ".");
  const auto made = layout ? read_packages(context, *layout) : Made();
  Obstacle obstacle;
  for_each_source(context, root, cargo_runtime, [&](const std::string& path, const std::string& source) {
    if (obstacle) return;
    obstacle = obstacle_of_libraries(path, source, made);
    if (reads_output_directory(source))
      obstacle = Declined{"`" + path + "` reads files of `OUT_DIR`, which the runtime stage does not have"};
    for (const auto text : texts_in_quotes(std::string_view(source).substr(0, source.find("#[cfg(test)]")))) {
      if (obstacle) return;
      if (text.size() > longest_path || text.find_first_of(" {}") != text.npos) continue;
      obstacle = obstacle_of_place(path, text, made);
      auto name = path_basename(text);
      if (made.files.contains(name))
        obstacle = Declined{"`" + path + "` names `" + std::string(text) +
                            "`, which `build.rs` may make, and the program may read it when it runs"};
      if (const auto end = name.find(".so"); end != name.npos) name = name.substr(0, end);
      if (name.starts_with("lib")) name.remove_prefix(3);
      if (made.libraries.contains(name) && text.find('.') != text.npos)
        obstacle = Declined{"the program loads the library `" + std::string(text) +
                            "`, which the build makes beside it, and where it is looked for is not known"};
    }
  });
  return obstacle;
}

}  // namespace dockhew::inline ecosystems
