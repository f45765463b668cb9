// What an asset of a walk is called in addresses.
#pragma once

#include <string>
#include <string_view>

namespace tutti {

// Of a file's name, without its ending: small Latin letters, digits and single hyphens, at most 60 of them,
// never none. Cyrillic is written in Latin letters, what is neither is a hyphen.
std::string walk_id(std::string_view file_name);

// The name without folders and ending.
std::string_view file_stem(std::string_view path);

}  // namespace tutti
