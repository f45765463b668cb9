// Answers for the web app's pages and files.
#pragma once

#include "net/reply.h"
#include "net/web_assets.h"

#include <optional>

namespace tutti::net {

// The page that every page address shows. The app finds out from the address what to select.
Reply page_reply(const WebAssets& assets);

// The addresses of the app's pages, and its files; nullopt: the path is none of these.
std::optional<Reply> answer_page(const WebAssets& assets, const std::string& path);

}  // namespace tutti::net
