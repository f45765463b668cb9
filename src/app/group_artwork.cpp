// The pictures of what plays, for the members that show them.
#include "app/group_service.h"
#include "base/log.h"

#include <utility>

namespace tutti::app {

void GroupService::show(MemberId id, int channel, std::optional<ArtworkFormat> format, ServerTime now) {
  Member* member = find(id);
  const auto index = static_cast<std::size_t>(channel);
  if (!member || index >= kMostChannels) return;
  if (format && (format->width < 1 || format->height < 1)) format.reset();
  const bool was_shown = member->channels[index].has_value();
  member->channels[index] = format;
  if (format) return tell_artwork(id, *member, index, now);
  if (was_shown) member->client->on_artwork(channel, nullptr, now);
}

void GroupService::tell_artwork(MemberId id, Member& member, ServerTime now) {
  for (std::size_t i = 0; i < kMostChannels; ++i) {
    if (member.channels[i]) tell_artwork(id, member, i, now);
  }
}

void GroupService::tell_artwork(MemberId id, Member& member, std::size_t channel, ServerTime now) {
  const auto playing = member.group->playing();
  const int number = static_cast<int>(channel);
  const bool is_album = member.channels[channel]->subject == ArtworkFormat::Subject::album;
  const auto shown = !playing ? std::nullopt : is_album ? playing->cover : playing->track;
  const Track* track = shown ? stations_.library().find(*shown) : nullptr;
  if (!track) return member.client->on_artwork(number, nullptr, now);
  // Whoever has moved on by the time it is there has asked for another one since.
  covers_.read_artwork(
      track->file, *member.channels[channel],
      [this, id, channel, number, playing,
       format = member.channels[channel]](const Result<ArtworkPtr>& artwork) {
        Member* still = find(id);
        if (!still || still->group->playing() != playing || still->channels[channel] != format) return;
        if (!artwork) return log::info("Sendspin: a picture: {}", artwork.error().message);
        still->client->on_artwork(number, *artwork, playing->at);
      });
}

}  // namespace tutti::app
