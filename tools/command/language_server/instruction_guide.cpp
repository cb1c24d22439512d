#include "language_server/instruction_guide.hpp"

#include <algorithm>
#include <array>

namespace dockhew::cli {
namespace {

constexpr std::array<InstructionGuide, static_cast<std::size_t>(Keyword::unknown)> guides = {{
    {"ADD [FLAGS] SOURCE… DESTINATION", "Copies files of the build context, downloads, or unpacks an archive"},
    {"ARG NAME[=DEFAULT]…", "Declares a build argument, which `--build-arg` sets; it is no variable of the container"},
    {"CMD [\"PROGRAM\", \"ARGUMENT\"…]", "What a container starts, or the arguments of ENTRYPOINT"},
    {"COPY [FLAGS] SOURCE… DESTINATION", "Copies files of the build context, of a stage or of an image"},
    {"ENTRYPOINT [\"PROGRAM\", \"ARGUMENT\"…]", "The program that every container of the image starts"},
    {"ENV NAME=VALUE…", "Sets variables for the instructions that follow and for containers"},
    {"EXPOSE PORT[/PROTOCOL]…", "Says on which ports a container listens; it publishes none"},
    {"FROM [--platform=PLATFORM] IMAGE [AS NAME]", "Begins a stage on an image or on an earlier stage"},
    {"HEALTHCHECK [FLAGS] CMD COMMAND", "How to find out whether a container works; NONE takes the base image's away"},
    {"LABEL KEY=VALUE…", "Says something about the image"},
    {"MAINTAINER NAME", "Out of date: a label says who maintains the image"},
    {"ONBUILD INSTRUCTION", "Runs in the build of an image that is based on this one"},
    {"RUN [FLAGS] COMMAND", "Runs a command; what it writes becomes a layer of the image"},
    {"SHELL [\"PROGRAM\", \"OPTION\"…]", "The shell that runs commands which are no JSON array"},
    {"STOPSIGNAL SIGNAL", "The signal that asks a container to end"},
    {"USER USER[:GROUP]", "Who runs what follows, and containers"},
    {"VOLUME DIRECTORY…", "Directories whose content is kept outside of the container"},
    {"WORKDIR DIRECTORY", "The directory for what follows; it is made if need be"},
}};

struct FlagGuide {
  std::string_view flag, meaning;
};
constexpr std::array<FlagGuide, 18> flags = {{
    {"checksum", "the digest that the download must have"},
    {"chmod", "the file mode of what is copied"},
    {"chown", "the owner of what is copied, USER:GROUP"},
    {"device", "a device that the command can use"},
    {"exclude", "files that are not copied"},
    {"from", "the stage or image to copy from, instead of the build context"},
    {"interval", "how long to wait between two checks: 30s"},
    {"keep-git-dir", "keep .git of a repository"},
    {"link", "a layer of its own, which does not depend on those before it"},
    {"mount", "a cache, files, a secret or an SSH agent for this command alone"},
    {"network", "the network that the command has"},
    {"parents", "keep the directories of the sources"},
    {"platform", "the platform of the image: linux/arm64"},
    {"retries", "how many checks in a row must fail"},
    {"security", "whether the command runs with more rights"},
    {"start-interval", "how long to wait between two checks while the container starts"},
    {"start-period", "how long the container may take to start"},
    {"timeout", "how long a check may take"},
}};

constexpr std::array<std::string_view, 3> networks = {"default", "none", "host"};
constexpr std::array<std::string_view, 2> securities = {"sandbox", "insecure"};
constexpr std::array<std::string_view, 4> platforms = {"$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64",
                                                       "linux/arm64"};
constexpr std::array<std::string_view, 3> sharings = {"locked", "shared", "private"};

}  // namespace

InstructionGuide guide_of(Keyword keyword) {
  const auto index = static_cast<std::size_t>(keyword);
  return index < guides.size() ? guides[index] : InstructionGuide{};
}

std::string_view flag_meaning(Keyword keyword, std::string_view flag) {
  if (keyword == Keyword::add && flag == "unpack") return "whether an archive is unpacked";
  const auto found = std::ranges::find(flags, flag, &FlagGuide::flag);
  return found == flags.end() ? std::string_view() : found->meaning;
}

std::span<const std::string_view> flag_values(std::string_view flag) {
  if (flag == "network") return networks;
  if (flag == "security") return securities;
  if (flag == "platform") return platforms;
  if (flag == "sharing") return sharings;
  return {};
}

}  // namespace dockhew::cli
