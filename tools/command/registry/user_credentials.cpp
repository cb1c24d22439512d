#include "registry/user_credentials.hpp"

#include <algorithm>
#include <filesystem>

#include "cache_directory.hpp"
#include "files.hpp"
#include "process.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds helper_limit{30};  // a person may be asked to unlock a store
constexpr std::size_t longest_answer = std::size_t{1} << 20U;

// In the order in which they count.
std::vector<std::string> credential_files() {
  std::vector<std::string> files;
  const auto add = [&](const std::string& directory, const char* name) {
    if (!directory.empty()) files.push_back(directory + name);
  };
  add(directory_variable("REGISTRY_AUTH_FILE"), "");
  if (const auto docker = directory_variable("DOCKER_CONFIG"); !docker.empty()) add(docker, "/config.json");
  else add(directory_variable("HOME"), "/.docker/config.json");
  add(directory_variable("XDG_RUNTIME_DIR"), "/containers/auth.json");
  add(configuration_home(), "/containers/auth.json");
  return files;
}

// Its error output, which may say anything, is not shown.
Outcome<Credential> ask_helper(const CredentialEntry& entry) {
  const auto name = "docker-credential-" + entry.helper;
  const auto program = find_program(name);
  if (program.empty()) return Declined{"the program `" + name + "`, which knows the password, is not installed"};
  const auto result = ask_process({{program, "get"}, {}, helper_limit, entry.server}, longest_answer);
  if (!result.error.empty()) return Declined{"the program `" + name + "` gave no password: " + result.error};
  // So it says that it has none.
  if (result.status != 0 && result.output.find("credentials not found") != std::string::npos) return Credential{};
  if (result.status != 0)
    return Declined{"the program `" + name + "` gave no password: it failed with status " +
                    std::to_string(result.status)};
  auto answer = read_helper_answer(result.output);
  if (!answer) return Declined{"the program `" + name + "` gave no password: " + answer.reason()};
  return answer;
}

std::vector<std::string> files_ending(const fs::path& directory, std::string_view ending) {
  std::vector<std::string> found;
  for (const auto& entry : list_directory(directory.string(), 1000))
    if (entry.name.ends_with(ending)) found.push_back((directory / entry.name).string());
  std::ranges::sort(found);
  return found;
}

std::string joined(const std::vector<std::string>& files, const std::string& directory) {
  if (files.size() < 2 || directory.empty()) return files.empty() ? "" : files.front();
  std::string all;
  for (const auto& file : files) all += read_regular_file(file, largest_companion, Links::followed).text + '\n';
  auto name = directory + "/authorities-" + std::to_string(std::hash<std::string>()(files.front())) + ".pem";
  return write_file(name, all).error.empty() ? name : files.front();
}

}  // namespace

Outcome<Credential> user_credential(const ImageReference& image) {
  for (const auto& file : credential_files()) {
    std::error_code missing;
    if (!fs::exists(file, missing)) continue;
    const auto read = read_regular_file(file, largest_companion, Links::followed);
    if (!read.error.empty()) return Declined{"`" + file + "` cannot be read: " + read.error};
    const auto entry = find_credential(read.text, image);
    if (!entry) return Declined{"`" + file + "` cannot be used: " + entry.reason()};
    if (entry->credential) return *entry->credential;
    if (entry->helper.empty()) continue;
    auto answer = ask_helper(*entry);
    if (!answer || !answer->empty()) return answer;
  }
  return Credential{};
}

TlsFiles tls_files(const std::string& host, const std::string& directory) {
  const auto home = configuration_home();
  std::vector<std::string> places = {"/etc/docker/certs.d", "/etc/containers/certs.d"};
  if (!home.empty()) places.insert(places.begin(), {home + "/docker/certs.d", home + "/containers/certs.d"});
  for (const auto& place : places) {
    const auto of_host = fs::path(place) / host;
    std::error_code error;
    // A host has no slash; two dots are no host.
    if (host.find("..") != std::string::npos || !fs::is_directory(of_host, error)) continue;
    TlsFiles result{joined(files_ending(of_host, ".crt"), directory), {}, {}};
    for (const auto& certificate : files_ending(of_host, ".cert")) {
      const auto key = certificate.substr(0, certificate.size() - 5) + ".key";
      if (!fs::exists(key, error)) continue;
      result.certificate = certificate;
      result.key = key;
      break;
    }
    return result;
  }
  return {};
}

}  // namespace dockhew::cli
