#include "image/program_needs.hpp"

#include <set>

#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/shebang.hpp"

namespace dockhew::inline image {
namespace {

// Of what is longer than any list that works, the beginning.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    if (parts.size() == limits::directories_searched) return parts;
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

const std::string& variable(const Image& image, const std::string& name) {
  static const std::string none;
  const auto found = image.configuration.environment.find(name);
  return found == image.configuration.environment.end() ? none : found->second;
}

bool is_file(const Image& image, const std::string& path) {
  const auto* file = find_file(image, path);
  return file != nullptr && file->type == FileType::regular;
}

std::string working_directory(const Image& image) {
  return image.configuration.directory.empty() ? "/" : image.configuration.directory;
}

// The directories of ld.so.conf, following its patterns only as far as Debian, Fedora and Alpine use them.
std::vector<std::string> loader_directories(const Image& image) {
  std::vector<std::string> directories = split(variable(image, "LD_LIBRARY_PATH"), ':');
  for (const auto& [path, file] : image.files) {
    if (!glob_match("/etc/ld.so.conf", path) && !glob_match("/etc/ld.so.conf.d/*.conf", path) &&
        !glob_match("/etc/ld-musl-*.path", path))
      continue;
    for (const auto& line : split(file.text, '\n'))
      if (line.starts_with('/') && directories.size() < limits::directories_searched) directories.push_back(line);
  }
  for (const auto* usual : {"/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/lib/x86_64-linux-gnu",
                            "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
                            "/lib/arm-linux-gnueabihf", "/usr/lib/arm-linux-gnueabihf"})
    directories.emplace_back(usual);
  return directories;
}

class Search {
 public:
  explicit Search(const Image& image) : image_(image), directories_(loader_directories(image)) {}

  void program(const std::string& path, int depth = 0) {
    constexpr int most_interpreters = 4;  // as Linux has it
    const auto* file = find_file(image_, path);
    if (file == nullptr || depth > most_interpreters) return;
    if (file->elf) return elf(path, *file->elf);
    const auto shebang = find_shebang(file->text);
    if (!shebang) return;
    if (!is_file(image_, shebang->interpreter))
      return missing("the interpreter `" + shebang->interpreter + "` of `" + path + "`");
    program(shebang->interpreter, depth + 1);
    // `#!/usr/bin/env python3` needs both.
    if (shebang->searched.empty()) return;
    const auto command = find_command(image_, shebang->searched, working_directory(image_));
    if (command.empty()) missing("the interpreter `" + shebang->searched + "` of `" + path + "`");
    else program(command, depth + 1);
  }

  void missing(const std::string& what) { missing_.push_back(what + " is not in the image"); }
  std::vector<std::string> take() { return std::move(missing_); }

 private:
  // With the libraries of its libraries.
  void elf(const std::string& path, const ElfNeeds& needs) {
    const auto searched = [&](const std::string& program, const ElfNeeds& what, auto& left) {
      if (!seen_.insert(program).second) return;
      if (!what.interpreter.empty() && !is_file(image_, what.interpreter))
        missing("the loader `" + what.interpreter + "` of `" + program + "`");
      for (const auto& library : what.libraries) {
        if (lookups_ > limits::libraries_looked_up) return;
        const auto found = find_library(program, what, library);
        if (found.empty()) missing("the library `" + library + "` that `" + program + "` needs");
        else if (const auto* file = find_file(image_, found); file != nullptr && file->elf) left.push_back(found);
      }
    };
    std::vector<std::string> left;
    searched(path, needs, left);
    while (!left.empty() && lookups_ <= limits::libraries_looked_up) {
      const auto next = std::move(left.back());
      left.pop_back();
      searched(next, *find_file(image_, next)->elf, left);
    }
    if (lookups_ > limits::libraries_looked_up) missing_.push_back("more libraries are needed than are looked for");
  }

  std::string find_library(const std::string& user, const ElfNeeds& needs, const std::string& name) {
    if (name.find('/') != name.npos) return is_file(image_, name) ? name : "";
    for (auto directory : split(needs.search_path, ':')) {
      for (const std::string_view origin : {"${ORIGIN}", "$ORIGIN"})
        if (directory.starts_with(origin)) directory = std::string(path_parent(user)) + directory.substr(origin.size());
      ++lookups_;
      if (is_file(image_, directory + "/" + name)) return directory + "/" + name;
    }
    lookups_ += directories_.size();
    for (const auto& directory : directories_)
      if (is_file(image_, directory + "/" + name)) return directory + "/" + name;
    // musl's loader is its C library, under either name.
    if (!needs.interpreter.empty() && path_basename(needs.interpreter).starts_with("ld-musl")) return needs.interpreter;
    return {};
  }

  const Image& image_;
  std::vector<std::string> directories_, missing_;
  std::set<std::string> seen_;
  std::size_t lookups_ = 0;
};

// The command that a shell starts first, if its script is one plain command; otherwise nothing is known.
std::string first_of_script(const std::string& script) {
  if (script.find_first_of("&|;<>()$`\"'\\*?[#~=\n") != script.npos) return {};
  auto words = split(script, ' ');
  if (!words.empty() && words[0] == "exec") words.erase(words.begin());
  return words.empty() ? std::string() : words[0];
}

}  // namespace

std::string find_command(const Image& image, const std::string& name, const std::string& directory) {
  if (name.find('/') != name.npos) {
    const auto path = resolve_path(directory, name);
    return is_file(image, path) ? path : "";
  }
  const auto& path = variable(image, "PATH");
  for (const auto& each :
       split(path.empty() ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : path, ':'))
    if (is_file(image, each + "/" + name)) return each + "/" + name;
  return {};
}

std::vector<std::string> missing_needs(const Image& image) {
  auto words = image.configuration.entrypoint;
  words.insert(words.end(), image.configuration.command.begin(), image.configuration.command.end());
  if (words.empty()) return {};
  Search search(image);
  const auto look_for = [&](const std::string& name) {
    const auto path = find_command(image, name, working_directory(image));
    if (path.empty()) search.missing("the program `" + name + "`");
    else search.program(path);
  };
  look_for(words[0]);
  const bool shell = words.size() > 2 && words[1] == "-c";
  constexpr std::string_view built_in = " cd echo test true false set export ulimit umask exit : . source eval ";
  if (const auto name = shell ? first_of_script(words[2]) : std::string();
      !name.empty() && built_in.find(" " + name + " ") == built_in.npos)
    look_for(name);
  return search.take();
}

}  // namespace dockhew::inline image
