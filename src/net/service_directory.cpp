#include "net/service_directory.h"

#include "base/log.h"
#include "base/utf8.h"
#include "net/avahi.h"

#include <array>
#include <avahi-common/address.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <map>
#include <pthread.h>
#include <set>
#include <tuple>
#include <utility>

namespace tutti::net {
namespace {

constexpr int kTryAgainIn = 5000;  // ms, where there is not even a bus to wait on
constexpr int kBeginAnewIn = 300;  // ms, before what has failed is begun anew
// Announcements that are followed, one for each network interface and protocol; anybody here may make any
// number.
constexpr std::size_t kMostFollowed = 256;

std::string clean(const char* text) { return to_valid_utf8(text ? text : ""); }

std::string address_text(const AvahiAddress& address, AvahiIfIndex interface) {
  std::array<char, AVAHI_ADDRESS_STR_MAX> text{};
  avahi_address_snprint(text.data(), text.size(), &address);
  std::string out = text.data();
  const bool is_link_local = address.proto == AVAHI_PROTO_INET6 && address.data.ipv6.address[0] == 0xFE &&
                             (address.data.ipv6.address[1] & 0xC0) == 0x80;
  return is_link_local ? out + "%" + std::to_string(interface) : out;
}

std::string path_of(AvahiStringList* txt) {
  AvahiStringList* entry = avahi_string_list_find(txt, "path");
  if (!entry) return {};
  // "path=…"; may hold any byte, zeros too.
  const std::string text(reinterpret_cast<const char*>(avahi_string_list_get_text(entry)),
                         avahi_string_list_get_size(entry));
  const auto equals = text.find('=');
  return equals == text.npos ? "" : text.substr(equals + 1);
}

}  // namespace

class ServiceDirectory::Avahi {
 public:
  Avahi(Wishes& wishes, Events& events) : poll(avahi_simple_poll_new()), wishes_(wishes), events_(events) {}

  // Waits for what happens next and deals with it.
  void step();
  avahi::Poll poll;

 private:
  using Place = std::tuple<std::string, AvahiIfIndex, AvahiProtocol>;

  static void on_client(AvahiClient* client, AvahiClientState state, void* self);
  static void on_group(AvahiEntryGroup* group, AvahiEntryGroupState state, void* self);
  static void on_browse(AvahiServiceBrowser*, AvahiIfIndex, AvahiProtocol, AvahiBrowserEvent,
                        const char* name, const char* type, const char* domain, AvahiLookupResultFlags,
                        void* self);
  static void on_resolve(AvahiServiceResolver*, AvahiIfIndex, AvahiProtocol, AvahiResolverEvent,
                         const char* name, const char* type, const char* domain, const char* host,
                         const AvahiAddress*, std::uint16_t port, AvahiStringList*, AvahiLookupResultFlags,
                         void* self);

  void on_running(AvahiClient* client);
  void let_go();  // of all that belongs to a connection with the daemon
  void be_absent(const std::string& why);
  void offer(AvahiClient* client);
  void rename();
  void follow(AvahiServiceBrowser* browser, const Place& place, const char* name, const char* type,
              const char* domain);
  void unfollow(const Place& place);
  void forget_unseen();

  Wishes& wishes_;
  Events& events_;
  avahi::Client client_;
  avahi::EntryGroup group_;
  avahi::Browser browser_;
  std::map<Place, avahi::Resolver> followed_;
  std::set<std::string> unseen_;  // known from the daemon before this one
  bool is_broken_ = false, is_absent_ = false, is_full_ = false;
};

ServiceDirectory::ServiceDirectory(Wishes wishes, Events events)
    : wishes_(std::move(wishes)),
      events_(std::move(events)),
      avahi_(std::make_unique<Avahi>(wishes_, events_)),
      thread_([this] { run(); }) {}

ServiceDirectory::~ServiceDirectory() {
  is_over_ = true;
  avahi_simple_poll_wakeup(avahi_->poll.get());
  thread_.join();
}

void ServiceDirectory::run() {
  pthread_setname_np(pthread_self(), "mdns");
  while (!is_over_) avahi_->step();
}

void ServiceDirectory::Avahi::step() {
  if (std::exchange(is_broken_, false)) {
    let_go();
    avahi_simple_poll_iterate(poll.get(), kBeginAnewIn);
    return;
  }
  int wait = -1;
  if (!client_) {
    int error = 0;
    client_.reset(
        avahi_client_new(avahi_simple_poll_get(poll.get()), AVAHI_CLIENT_NO_FAIL, on_client, this, &error));
    if (!client_) be_absent(avahi_strerror(error));
    if (!client_) wait = kTryAgainIn;
  }
  if (!is_broken_) avahi_simple_poll_iterate(poll.get(), wait);
}

// Called within avahi_client_new() too, before client_ is set.
void ServiceDirectory::Avahi::on_client(AvahiClient* client, AvahiClientState state, void* self) {
  auto& avahi = *static_cast<Avahi*>(self);
  switch (state) {
    case AVAHI_CLIENT_S_RUNNING:
      return avahi.on_running(client);
    case AVAHI_CLIENT_FAILURE:
      avahi.be_absent(avahi_strerror(avahi_client_errno(client)));
      avahi.is_broken_ = true;  // begun anew when this call is over
      return;
    case AVAHI_CLIENT_CONNECTING:
      return avahi.be_absent("it does not run");
    case AVAHI_CLIENT_S_COLLISION:
    case AVAHI_CLIENT_S_REGISTERING:
      avahi.group_.reset();  // the machine's name changes; offered again when it is settled
      return;
  }
}

void ServiceDirectory::Avahi::on_running(AvahiClient* client) {
  is_absent_ = false;
  if (wishes_.offer && !group_) offer(client);
  if (wishes_.looks_for.empty() || browser_) return;
  browser_.reset(avahi_service_browser_new(client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                           wishes_.looks_for.c_str(), nullptr, AvahiLookupFlags{}, on_browse,
                                           this));
  if (!browser_)
    log::warn("mDNS: cannot look for {}: {}", wishes_.looks_for, avahi_strerror(avahi_client_errno(client)));
}

void ServiceDirectory::Avahi::let_go() {
  for (const auto& [place, resolver] : followed_) unseen_.insert(std::get<0>(place));
  followed_.clear();
  browser_.reset();
  group_.reset();
  client_.reset();
}

void ServiceDirectory::Avahi::be_absent(const std::string& why) {
  if (std::exchange(is_absent_, true)) return;
  log::warn("mDNS: there is no Avahi daemon ({}). Until there is one, {}", why,
            wishes_.offer ? "this server is not found by name" : "no players are found");
}

// --- the offer

void ServiceDirectory::Avahi::offer(AvahiClient* client) {
  group_.reset(avahi_entry_group_new(client, on_group, this));
  if (!group_)
    return log::warn("mDNS: cannot offer anything: {}", avahi_strerror(avahi_client_errno(client)));
  auto& wanted = *wishes_.offer;
  AvahiStringList* list = nullptr;
  for (const auto& entry : wanted.txt) list = avahi_string_list_add(list, entry.c_str());
  const avahi::Strings txt(list);
  int done = AVAHI_ERR_COLLISION;
  for (int attempts = 0; done == AVAHI_ERR_COLLISION && attempts < 100; ++attempts) {
    done = avahi_entry_group_add_service_strlst(group_.get(), AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                                AvahiPublishFlags{}, wanted.name.c_str(), wanted.type.c_str(),
                                                nullptr, nullptr, wanted.port, txt.get());
    if (done == AVAHI_ERR_COLLISION) rename();
  }
  if (done >= 0) done = avahi_entry_group_commit(group_.get());
  if (done < 0) log::warn("mDNS: '{}' cannot be offered: {}", wanted.name, avahi_strerror(done));
}

void ServiceDirectory::Avahi::rename() {
  const avahi::Text other(avahi_alternative_service_name(wishes_.offer->name.c_str()));
  if (other) wishes_.offer->name = other.get();
}

void ServiceDirectory::Avahi::on_group(AvahiEntryGroup* group, AvahiEntryGroupState state, void* self) {
  auto& avahi = *static_cast<Avahi*>(self);
  if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) {
    const auto& offer = *avahi.wishes_.offer;
    log::info("mDNS: offered as '{}' ({}, port {})", offer.name, offer.type, offer.port);
  } else if (state == AVAHI_ENTRY_GROUP_COLLISION) {
    avahi.rename();
    avahi.is_broken_ = true;  // a group is not to be freed within its own call
  } else if (state == AVAHI_ENTRY_GROUP_FAILURE) {
    log::warn("mDNS: the offer failed: {}",
              avahi_strerror(avahi_client_errno(avahi_entry_group_get_client(group))));
  }
}

// --- others

void ServiceDirectory::Avahi::on_browse(AvahiServiceBrowser* browser, AvahiIfIndex interface,
                                        AvahiProtocol protocol, AvahiBrowserEvent event, const char* name,
                                        const char* type, const char* domain, AvahiLookupResultFlags,
                                        void* self) {
  auto& avahi = *static_cast<Avahi*>(self);
  switch (event) {
    case AVAHI_BROWSER_NEW:
      return avahi.follow(browser, {clean(name), interface, protocol}, name, type, domain);
    case AVAHI_BROWSER_REMOVE:
      return avahi.unfollow({clean(name), interface, protocol});
    case AVAHI_BROWSER_ALL_FOR_NOW:
      return avahi.forget_unseen();
    case AVAHI_BROWSER_CACHE_EXHAUSTED:
      return;
    case AVAHI_BROWSER_FAILURE:
      avahi.is_broken_ = true;
  }
}

void ServiceDirectory::Avahi::follow(AvahiServiceBrowser* browser, const Place& place, const char* name,
                                     const char* type, const char* domain) {
  unseen_.erase(std::get<0>(place));
  if (followed_.size() >= kMostFollowed) {
    if (!std::exchange(is_full_, true))
      log::warn("mDNS: more than {} of {} are announced; the others are left alone", kMostFollowed,
                wishes_.looks_for);
    return;
  }
  const auto& [shown, interface, protocol] = place;
  avahi::Resolver resolver(avahi_service_resolver_new(avahi_service_browser_get_client(browser), interface,
                                                      protocol, name, type, domain, protocol,
                                                      AvahiLookupFlags{}, on_resolve, this));
  if (!resolver) return log::info("mDNS: '{}' cannot be asked for", shown);
  followed_.insert_or_assign(place, std::move(resolver));
}

void ServiceDirectory::Avahi::unfollow(const Place& place) {
  if (followed_.erase(place) == 0) return;
  is_full_ = false;
  const auto& name = std::get<0>(place);
  const auto next = followed_.lower_bound({name, AvahiIfIndex{-1}, AvahiProtocol{-1}});
  if (next == followed_.end() || std::get<0>(next->first) != name) events_.lost(name);
}

void ServiceDirectory::Avahi::forget_unseen() {
  for (const auto& name : std::exchange(unseen_, {})) events_.lost(name);
}

void ServiceDirectory::Avahi::on_resolve(AvahiServiceResolver*, AvahiIfIndex interface, AvahiProtocol,
                                         AvahiResolverEvent event, const char* name, const char*, const char*,
                                         const char*, const AvahiAddress* address, std::uint16_t port,
                                         AvahiStringList* txt, AvahiLookupResultFlags flags, void* self) {
  auto& avahi = *static_cast<Avahi*>(self);
  if (event != AVAHI_RESOLVER_FOUND || !address) {
    return log::info("mDNS: '{}' is announced and cannot be reached by it", clean(name));
  }
  avahi.events_.found({clean(name), address_text(*address, interface), port, path_of(txt),
                       (flags & AVAHI_LOOKUP_RESULT_LOCAL) != 0});
}

}  // namespace tutti::net
