// The text of the headers that scalar.h is made of, for the compiler at run time.
#pragma once

#include <vector>

namespace brainstate {

struct SourceHeader {
    const char* name;  // as in an include
    const char* text;
};

const std::vector<SourceHeader>& scalar_headers();

}  // namespace brainstate
