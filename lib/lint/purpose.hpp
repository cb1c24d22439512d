// What a Dockerfile is for, as far as its name, that of a stage or a Compose file says so. An image that people
// develop, test or build in is meant to have what only a build needs.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// By its name, or that of the stage. `path`: of the file, or empty.
bool is_for_development(std::string_view path, const Stage& stage);

// Whether a command is for people who change the source: `npm run dev`, `uvicorn app:app --reload`.
bool starts_development(std::string_view command);

// Whether the name of the file says that it is for whatever is newest: `Dockerfile-latest`, `nightly.Dockerfile`.
bool wants_newest(std::string_view path);

// Whether a file lies among those that other projects are made of: `templates/node/Dockerfile`,
// `{{cookiecutter.slug}}/Dockerfile`. What they need is not in this repository.
bool is_for_other_projects(std::string_view path);

// Whether a container of the image does nothing but run tests: `CMD ["pytest"]`.
bool is_for_tests(const Dockerfile& file, const Stage& stage);

// Whether it serves notebooks that the image has: what is typed into these, such as `!pip install`, may compile.
bool is_for_notebooks(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline lint
