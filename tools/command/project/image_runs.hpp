// How readers of all kinds of files say what runs in an image: only so many commands of a file, none that is too long,
// and with the place that says so.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Stands for what a template fills in.
constexpr std::string_view filled_in = "EXPRESSION";

// Whether the name of an image is only known when a template is filled in: `<IMAGE>`, `${image}`, `${ECR}:latest`.
bool is_filled_in(std::string_view image);

std::string directory_of(const std::string& path);

// The words of a list, or a text that is a command line already.
std::string command_line_of(const YAML::Node& node);

std::string place_of(const std::string& path, const YAML::Node& node);

// Adds one whose image is written in any way; none where neither image nor service is said.
void add_run(ImageRun run, Builds& result);
// The same of a command in an image; none without a command.
void add_run(const std::string& image, std::string text, std::string place, Builds& result);

// What a file says of the image of a Dockerfile, without saying with which context it is built, or not for certain.
Build named_build(const std::string& image, const std::string& context, const std::string& dockerfile,
                  const std::string& base, std::size_t line);

// Adds a build of a file that may be used in any directory: its paths, which are relative, are tried in that of the
// file and in those above. Whether a Dockerfile is there.
bool add_named_anywhere(const Build& build, const std::string& path, Builds& result);
// The same of what a script builds. Where one directory alone has the Dockerfile, that is it.
void add_script_build(const Build& build, const std::string& path, Builds& result);

// Adds what its containers run in place of what the image says; none where there is no text.
void add_start(std::string text, std::string place, Build& build);

}  // namespace dockhew::cli
