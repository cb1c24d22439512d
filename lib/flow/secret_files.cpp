#include "flow/secret_files.hpp"

#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::string_view settings = "settings of one environment, usually with passwords";
constexpr SecretFile secret_files[] = {
    {".npmrc", "npm's configuration, usually with a token", "npmrc", " npm yarn ", true},
    {".yarnrc.yml", "Yarn's configuration, often with a token", "", "", true},
    {".pypirc", "credentials for PyPI", "pypirc", " pip "},
    {".netrc", "passwords for hosts", "netrc", " pip go npm "},
    {"pip.conf", "pip's configuration, often with a password", "pip-conf", " pip ", true},
    {".git-credentials", "passwords for Git", "", ""},
    {".aws/credentials", "credentials for AWS", "", ""},
    {".docker/config.json", "credentials for registries", "", ""},
    {"id_rsa", "an SSH private key", "", ""},
    {"id_dsa", "an SSH private key", "", ""},
    {"id_ecdsa", "an SSH private key", "", ""},
    {"id_ed25519", "an SSH private key", "", ""},
    {".ssh", "SSH keys", "", ""},
    {".env", settings, "", "", false, true},
    {".env.production", settings, "", "", false, true},
    {".vault-token", "a Vault token", "", ""},
    {"kubeconfig", "credentials for Kubernetes", "", ""},
    {".kube/config", "credentials for Kubernetes", "", ""},
    {"*.p12", "a private key", "", "", false, true},
    {"*.pfx", "a private key", "", "", false, true},
};

}  // namespace

const SecretFile* secret_file(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  for (const auto& file : secret_files) {
    const bool two = file.name.find('/') != std::string_view::npos;
    const auto tail = two ? (path.ends_with(file.name) ? file.name : std::string_view()) : path_basename(path);
    if (!tail.empty() && glob_match(file.name, tail)) return &file;
  }
  return nullptr;
}

}  // namespace dockhew::inline flow
