// For finding text however it is capitalised.
#pragma once

#include <string>
#include <string_view>

namespace tutti {

// Lower case, for the scripts that most tags are in: Latin with its accents, Greek, Cyrillic ("ё" becomes
// "е"). Everything else, also what is no UTF-8, stays as it is.
std::string fold_case(std::string_view text);

}  // namespace tutti
