// `--name value` pairs of the two programs here; all values are whole numbers but those named in `texts`.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace bench {

class Options {
 public:
  Options(int argc, char** argv, std::map<std::string, std::string> defaults) : values_(std::move(defaults)) {
    for (int i = 1; i + 1 < argc; i += 2) {
      const auto found = values_.find(argv[i]);
      if (found == values_.end()) refuse(argv[i]);
      found->second = argv[i + 1];
    }
    if (argc % 2 == 0) refuse(argv[argc - 1]);
  }

  long number(const std::string& name) const { return std::strtol(values_.at(name).c_str(), nullptr, 10); }
  const std::string& text(const std::string& name) const { return values_.at(name); }

 private:
  [[noreturn]] void refuse(const char* what) const {
    std::fprintf(stderr, "'%s' is not understood; the options are:", what);
    for (const auto& [name, value] : values_) std::fprintf(stderr, " %s (%s)", name.c_str(), value.c_str());
    std::fputc('\n', stderr);
    std::exit(2);
  }

  std::map<std::string, std::string> values_;
};

}  // namespace bench
