// A library that is loaded at run time, by the names of its functions.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace brainstate {

class DynamicLibrary {
public:
    // One that is loaded already; null means that it was not found.
    DynamicLibrary(void* handle, std::string name) : handle(handle), name(std::move(name)) {
        if (handle == nullptr) throw std::runtime_error("the library " + this->name + " was not found");
    }

    // Throws std::runtime_error with the loader's reason.
    static DynamicLibrary open(const std::string& path) {
        void* const handle = dlopen(path.c_str(), RTLD_NOW);
        if (handle == nullptr) throw std::runtime_error(dlerror());
        return {handle, path};
    }

    template <class Function>
    void bind(Function*& function, const char* symbol) const {
        function = reinterpret_cast<Function*>(dlsym(handle, symbol));
        if (function == nullptr) throw std::runtime_error("the library " + name + " has no function " + symbol);
    }

private:
    void* handle;
    std::string name;
};

}  // namespace brainstate
