#include "server/conducting.h"

#include <charconv>

namespace tutti::server {

Result<OscAddress> parse_osc_address(std::string_view text) {
  OscAddress out{"127.0.0.1", 0};
  const auto colon = text.rfind(':');
  auto port = text;
  if (colon != text.npos) {
    auto address = text.substr(0, colon);
    port = text.substr(colon + 1);
    const bool is_v6 = address.starts_with('[') && address.ends_with(']');
    if (is_v6) address = address.substr(1, address.size() - 2);
    // Of an address of IPv6 without brackets nobody knows where it ends.
    if (address.empty() || (!is_v6 && address.find(':') != address.npos)) port = {};
    out.address = address;
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc() || end != port.data() + port.size()) {
    return fail("'" + std::string(text) + "' is not [ADDRESS:]PORT, such as 9000 or 192.0.2.7:9000");
  }
  return out;
}

Result<void> Conducting::open(const ServeOptions& options) {
  if (!options.osc.empty()) {
    const auto where = parse_osc_address(options.osc);
    if (!where) return tl::make_unexpected(where.error());
    osc_.emplace(control_, clock_, walk_);
    if (auto opened = osc_->open(where->address, where->port); !opened) return opened;
  }
  if (options.console) console_.emplace(control_, walk_);
  return {};
}

Result<void> Conducting::start() { return console_ ? console_->start() : Result<void>{}; }

void Conducting::stop() {
  if (console_) console_->stop();
  if (osc_) osc_->close();
}

std::optional<std::string> Conducting::osc() const {
  if (!osc_) return std::nullopt;
  return osc_->where();
}

}  // namespace tutti::server
