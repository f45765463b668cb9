#include "net/download.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

DownloadPlan plan(std::initializer_list<std::pair<http::field, std::string>> headers) {
  HttpRequest request{http::verb::get, "/walk/assets/forest", 11};
  for (const auto& [name, value] : headers) request.set(name, value);
  app::AssetMaker::Made asset;
  asset.bytes = 1000;
  asset.sha256 = "abc";
  return plan_download(request, asset);
}

TEST(Download, AllOfIt) {
  const auto all = plan({});
  EXPECT_EQ(all.head.result(), http::status::ok);
  EXPECT_EQ(all.head[http::field::content_length], "1000");
  EXPECT_EQ(all.head[http::field::etag], "\"abc\"");
  EXPECT_EQ(all.head[http::field::accept_ranges], "bytes");
  EXPECT_EQ(all.head[http::field::content_type], "audio/mpeg");
  EXPECT_EQ(all.length, 1000);
}

TEST(Download, WhatIsMissing) {
  const auto rest = plan({{http::field::range, "bytes=400-"}, {http::field::if_range, "\"abc\""}});
  EXPECT_EQ(rest.head.result(), http::status::partial_content);
  EXPECT_EQ(rest.head[http::field::content_range], "bytes 400-999/1000");
  EXPECT_EQ(rest.head[http::field::content_length], "600");
  EXPECT_EQ(rest.first, 400);
  EXPECT_EQ(rest.length, 600);
}

TEST(Download, OfAnotherVersionThereIsOnlyTheWhole) {
  const auto other = plan({{http::field::range, "bytes=400-"}, {http::field::if_range, "\"older\""}});
  EXPECT_EQ(other.head.result(), http::status::ok);
  EXPECT_EQ(other.length, 1000);
}

TEST(Download, NothingWhereItIsThereAlreadyOrBeyond) {
  const auto known = plan({{http::field::if_none_match, "W/\"x\", \"abc\""}});
  EXPECT_EQ(known.head.result(), http::status::not_modified);
  EXPECT_EQ(known.length, 0);
  const auto beyond = plan({{http::field::range, "bytes=1000-"}});
  EXPECT_EQ(beyond.head.result(), http::status::range_not_satisfiable);
  EXPECT_EQ(beyond.head[http::field::content_range], "bytes */1000");
  EXPECT_EQ(beyond.head[http::field::content_length], "0");
}

TEST(Download, AssetsHaveAddresses) {
  EXPECT_EQ(asset_of("/walk/assets/forest"), "forest");
  EXPECT_EQ(asset_of("/walk/assets/"), std::nullopt);
  EXPECT_EQ(asset_of("/walk"), std::nullopt);
}

}  // namespace
}  // namespace tutti::net
