// What the programs that this process started have started in turn. A program that puts itself into the background, or
// into a session of its own, is in no process group that could be stopped; but while this process adopts what loses its
// parent (PR_SET_CHILD_SUBREAPER), all of it can be found from here.
#pragma once

#include <chrono>

namespace dockhew::cli {

// Ends all of them, politely until `grace` is over. None of them may be one that somebody still waits for.
void end_descendants(std::chrono::milliseconds grace);

}  // namespace dockhew::cli
