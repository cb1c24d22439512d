// Answers of registries come from whoever runs one: no bytes may crash the readers, and nothing they accept may lead
// out of the cache or out of a line of a request.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ecosystems/system/apt_snapshot.hpp"
#include "registry/address.hpp"
#include "registry/challenge.hpp"
#include "registry/credentials.hpp"
#include "registry/file_texts.hpp"
#include "registry/image_uses.hpp"
#include "registry/manifest.hpp"
#include "registry/mirrors.hpp"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

bool is_one_line(std::string_view text) { return text.find_first_of("\r\n\0 ", 0, 4) == text.npos; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockhew;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto manifest = read_manifest(text, "application/vnd.oci.image.index.v1+json")) {
    for (const auto& image : manifest->images) require(is_verifiable(image.manifest.digest));
    require(manifest->is_index || is_verifiable(manifest->configuration.digest));
    image_for(*manifest, parse_platform("linux/arm/v7"));
  }
  if (const auto image = read_configuration(text))
    for (const auto& [name, value] : image->environment) require(!name.empty());
  ImageFiles files;
  read_os_release(text, files);
  read_users(
      text, [](const std::string&) { return std::string("0"); }, files);
  read_packages(text, false, files);
  read_apk_packages(text, files);
  read_apt_settings(text, files);
  for (const auto& [user, home] : files.homes) require(home.starts_with('/') && is_one_line(home) && is_one_line(user));
  for (const auto& package : files.packages) require(is_one_line(package));
  for (const auto& challenge : read_challenges(text)) require(is_one_line(token_query(challenge, "a/b")));
  if (const auto token = read_token(text)) require(is_one_line(*token));
  if (const auto address = redirected(*read_address("https://a/b"), text))
    require(address->secure && is_one_line(address->text()));
  static_cast<void>(find_credential(text, parse_image_reference("q.io/team/app:1")));
  static_cast<void>(read_helper_answer(text));
  for (const auto& prefixes : {read_docker_mirrors(text), read_registries_conf(text)})
    for (const auto& image : mirrored(parse_image_reference("debian:12"), prefixes))
      require(is_one_line(registry_of(image).text()) && is_one_line(image.path()));
  const Dockerfile file(std::string(text), builtin_facts(), BuildContext());
  const std::string digest = "sha256:" + std::string(64, 'a');
  for (const auto& use : image_uses(file)) {
    if (!use.obstacle.empty()) continue;
    const auto edit = with_digest(text, use, digest);
    require(edit.span.end <= text.size());
    apply_edits(text, {edit});
  }
  // What is written is there afterwards, and stays as it is.
  const std::string snapshot = "20260131T000000Z";
  const auto pinned = [&](const Dockerfile& each) {
    std::vector<TextEdit> edits;
    for (const auto& found : apt_snapshots(each, snapshot))
      if (found.edit) edits.push_back(*found.edit);
    return apply_edits(each.source(), std::move(edits));
  };
  const Dockerfile once(pinned(file), builtin_facts(), BuildContext());
  require(pinned(once) == once.source());
  return 0;
}
