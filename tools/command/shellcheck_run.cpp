#include "shellcheck_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>

#include "cache_directory.hpp"
#include "files.hpp"
#include "process.hpp"
#include "temporary_directory.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds time_limit{60};
constexpr std::size_t files_for_process = 4;  // fewer are not worth starting the program again
constexpr std::size_t most_processes = 4;
constexpr std::size_t most_answers = 2000;  // kept; when there are more, all are thrown away

// FNV-1a. It only names files of answers, and nobody gains anything by forging scripts.
std::uint64_t hash(std::string_view text, std::uint64_t value) {
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return value;
}

// The key consists of the scripts, the program and its version; for the version, its size and modification time are
// enough.
std::string key_of(const std::string& program, const std::vector<ShellScript>& scripts) {
  std::error_code error;
  const auto stamp = fs::last_write_time(program, error).time_since_epoch().count();
  auto all = fmt::format("2 {} {} {}\n", program, stamp, fs::file_size(program, error));
  for (const auto& script : scripts) all += script.file() + '\0';
  return fmt::format("{:016x}{:016x}.json", hash(all, 0xcbf29ce484222325ULL), hash(all, 0x9ae16a3b2f90404fULL));
}

void keep(const fs::path& file, const std::string& answer) {
  std::error_code error;
  const auto directory = file.parent_path();
  fs::create_directories(directory, error);
  std::size_t count = 0;
  for (fs::directory_iterator i(directory, error), end; !error && i != end; i.increment(error)) ++count;
  if (count > most_answers)
    for (const auto& entry : fs::directory_iterator(directory, error))
      if (entry.path().extension() == ".json") fs::remove(entry.path(), error);
  write_file(file.string(), answer);  // what cannot be kept is asked again
}

// One document per line. ShellCheck uses one core, so many scripts are distributed over several processes.
ProcessResult check_files(const std::string& program, const std::vector<std::string>& files, std::size_t processes) {
  const auto parts = std::min({processes, most_processes, (files.size() + files_for_process - 1) / files_for_process});
  std::vector<std::future<ProcessResult>> running;
  for (std::size_t part = 0; part < parts; ++part) {
    // Sourced files are not available, and ShellCheck does not know Alpine's shells.
    std::vector<std::string> arguments = {program, "--norc", "--format=json1", "--exclude=SC1090,SC1091,SC2187"};
    for (std::size_t i = part; i < files.size(); i += parts) arguments.push_back(files[i]);
    running.push_back(std::async(std::launch::async, run_process, std::move(arguments), time_limit, most_output));
  }
  ProcessResult all{0, "", ""};
  for (auto& one : running) {
    auto result = one.get();
    all.status = std::max(all.status, result.status);
    if (all.error.empty() || result.late) all.error = std::move(result.error);
    all.late |= result.late;
    all.output += result.output + '\n';
  }
  return all;
}

}  // namespace

ShellcheckAnswer run_shellcheck(const std::vector<ShellScript>& scripts, std::size_t processes) {
  if (scripts.empty()) return {R"({"comments":[]})", ""};
  const auto program = find_program("shellcheck");
  if (program.empty()) return {"", "shellcheck is not installed"};
  const auto cache = cache_directory("shellcheck");
  const auto kept = cache.empty() ? fs::path() : fs::path(cache) / key_of(program, scripts);
  if (std::error_code error; !kept.empty() && fs::is_regular_file(kept, error))
    if (auto read = read_file(kept.string()); read.error.empty()) return {std::move(read.text), ""};

  std::error_code no_place;
  const TemporaryDirectory directory(fs::temp_directory_path(no_place).string());
  if (directory.path().empty()) return {"", "shellcheck was not run: cannot create a temporary directory"};
  std::vector<std::string> files;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    files.push_back(directory.path() + "/" + std::to_string(i));
    std::ofstream(files.back(), std::ios::binary) << scripts[i].file();
  }
  auto result = check_files(program, files, processes);
  if (!result.error.empty()) return {"", "shellcheck was stopped: " + result.error, result.late};
  if (result.status > 1) return {"", "shellcheck failed with status " + std::to_string(result.status)};
  if (!kept.empty()) keep(kept, result.output);
  return {std::move(result.output), ""};
}

}  // namespace dockhew::cli
