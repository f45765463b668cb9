// Avahi's C objects, owned. Only for service_directory.cpp.
#pragma once

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-common/strlst.h>
#include <memory>
#include <string>

namespace tutti::net::avahi {

struct Free {
  void operator()(AvahiSimplePoll* it) const { avahi_simple_poll_free(it); }
  void operator()(AvahiClient* it) const { avahi_client_free(it); }
  void operator()(AvahiEntryGroup* it) const { avahi_entry_group_free(it); }
  void operator()(AvahiServiceBrowser* it) const { avahi_service_browser_free(it); }
  void operator()(AvahiServiceResolver* it) const { avahi_service_resolver_free(it); }
  void operator()(AvahiStringList* it) const { avahi_string_list_free(it); }
  void operator()(char* it) const { avahi_free(it); }
};

using Poll = std::unique_ptr<AvahiSimplePoll, Free>;
using Client = std::unique_ptr<AvahiClient, Free>;
using EntryGroup = std::unique_ptr<AvahiEntryGroup, Free>;
using Browser = std::unique_ptr<AvahiServiceBrowser, Free>;
using Resolver = std::unique_ptr<AvahiServiceResolver, Free>;
using Strings = std::unique_ptr<AvahiStringList, Free>;
using Text = std::unique_ptr<char, Free>;

}  // namespace tutti::net::avahi
