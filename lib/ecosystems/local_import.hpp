// A name by which a source file of a project loads others of the same project.
#pragma once

#include <string>
#include <vector>

namespace dockhew::inline ecosystems {

struct LocalImport {
  std::string name;                 // as it is written: "./routes/users", "shop.models"
  std::vector<std::string> places;  // where that would be: paths in the build context, without the endings of files
};

}  // namespace dockhew::inline ecosystems
