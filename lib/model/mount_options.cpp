#include "model/mount_options.hpp"

#include <array>

namespace dockhew::inline model {
namespace {

constexpr std::array<MountOption, 5> types = {{{"cache", "a directory that is kept from build to build"},
                                               {"bind", "files of the build context, a stage or an image, read only"},
                                               {"secret", "a secret that is not in the image afterwards"},
                                               {"ssh", "the SSH agent of whoever builds"},
                                               {"tmpfs", "an empty directory in memory"}}};

constexpr MountOption target = {"target", "where it is mounted"};
constexpr MountOption id = {"id", "its name; mounts of one name are one"};
constexpr MountOption required = {"required", "whether the build fails without it"};
constexpr MountOption uid = {"uid", "the number of the user whom it belongs to"};
constexpr MountOption gid = {"gid", "the number of the group that it belongs to"};
constexpr MountOption mode = {"mode", "its file mode, in octal digits"};
constexpr MountOption read_only = {"readonly", "nothing is written to it"};

constexpr std::array<MountOption, 9> cache_options = {
    {target,
     {"sharing", "what builds at the same time do: shared, private or locked"},
     id,
     uid,
     gid,
     mode,
     {"from", "the stage or image whose files it has at first"},
     {"source", "the directory of these"},
     read_only}};
constexpr std::array<MountOption, 4> bind_options = {
    {{"source", "what is mounted; the root of where it comes from unless said"},
     target,
     {"from", "the stage or image that it comes from; the build context unless said"},
     {"readwrite", "what the command writes to it is thrown away afterwards"}}};
constexpr std::array<MountOption, 7> secret_options = {{{"id", "the name of the secret"},
                                                        {"target", "the file that has it; /run/secrets/ID unless said"},
                                                        {"env", "the variable that has it"},
                                                        required,
                                                        mode,
                                                        uid,
                                                        gid}};
constexpr std::array<MountOption, 6> ssh_options = {
    {{"id", "the name of the agent or key"}, {"target", "the socket of the agent"}, required, mode, uid, gid}};
constexpr std::array<MountOption, 2> tmpfs_options = {{target, {"size", "how large it may become: 512m"}}};

}  // namespace

std::span<const MountOption> mount_types() { return types; }

std::span<const MountOption> mount_options(std::string_view type) {
  if (type.empty() || type == "bind") return bind_options;
  if (type == "cache") return cache_options;
  if (type == "secret") return secret_options;
  if (type == "ssh") return ssh_options;
  if (type == "tmpfs") return tmpfs_options;
  return {};
}

}  // namespace dockhew::inline model
