// What the texts of a few files of an image say: its release, its users, its packages, how APT is set up. They come
// from strangers, so what is not as the manuals have it says nothing.
// Facts: os-release(5), passwd(5), dpkg's status file (deb-control(5)), apk's database (apk-v2(5)), apt.conf(5).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "facts/image_files.hpp"

namespace dockhew::inline registry {

void read_os_release(std::string_view text, ImageFiles& files);
// `owner`: of a directory of the image, as a number; empty where there is none.
using OwnerOf = std::function<std::string(const std::string& directory)>;
void read_users(std::string_view text, const OwnerOf& owner, ImageFiles& files);
// `always_installed`: as in the images of Google's distroless, which name no status.
void read_packages(std::string_view text, bool always_installed, ImageFiles& files);
// apk's database of what is installed.
void read_apk_packages(std::string_view text, ImageFiles& files);
// Of one file of APT's configuration.
void read_apt_settings(std::string_view text, ImageFiles& files);

}  // namespace dockhew::inline registry
