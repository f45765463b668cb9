#include "net/pages.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tutti::net {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
}};

// The app's own addresses (web/src/ui/views.ts); its page also stands at every station's.
constexpr std::array<std::string_view, 5> kPages = {"/web", "/status", "/web/listen", "/web/devices",
                                                    "/login"};

constexpr std::string_view kIcon = "/assets/favicon.svg";

Reply file_reply(const WebAsset& asset) {
  Reply reply;
  const auto type =
      std::ranges::find_if(kTypes, [&](const auto& t) { return asset.path.ends_with(t.first); });
  reply.content_type = type == kTypes.end() ? "application/octet-stream" : std::string(type->second);
  reply.body.assign(asset.bytes.begin(), asset.bytes.end());
  // Names under /assets carry a hash of their content, so they never change; but for the icon, which is known
  // by name.
  const bool hashed = asset.path.starts_with("/assets/") && asset.path != kIcon;
  reply.headers = {
      {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"},
      {"X-Content-Type-Options", "nosniff"},
      {"Content-Security-Policy",
       "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; "
       "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"},
      {"Referrer-Policy", "same-origin"},
  };
  return reply;
}

}  // namespace

const WebAsset* WebAssets::find(std::string_view path) const {
  const auto found = std::ranges::find(assets_, path, &WebAsset::path);
  return found == assets_.end() ? nullptr : &*found;
}

Reply page_reply(const WebAssets& assets) {
  const WebAsset* page = assets.find("/index.html");
  if (!page) return text_reply(http::status::not_found, "this build has no web page");
  Reply reply = file_reply(*page);
  reply.headers.emplace_back("Vary", "Accept, Sec-Fetch-Dest");
  return reply;
}

std::optional<Reply> answer_page(const WebAssets& assets, const std::string& path) {
  // Pages of their own.
  if (path == "/walk" || path == "/conduct") return answer_page(assets, path + ".html");
  if (std::ranges::find(kPages, path) != kPages.end()) return page_reply(assets);
  if (path == "/favicon.ico") return answer_page(assets, std::string(kIcon));
  if (const WebAsset* asset = assets.find(path)) return file_reply(*asset);
  return std::nullopt;
}

}  // namespace tutti::net
