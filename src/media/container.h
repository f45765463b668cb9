// Which files count as audio: the container formats, codecs and name endings on the list. What is not on it
// is not opened, because every further parser is one more that hostile files can aim at.
#pragma once

#include "base/result.h"
#include "media/ffmpeg.h"
#include "media/input_file.h"

#include <string_view>

namespace tutti::media {

// The container format, recognised by content alone, however much of an ID3 tag lies in front.
Result<const AVInputFormat*> detect_container(const InputFile& file);

// FFmpeg's names of the decoders that may run, comma separated: audio only, no picture is ever decoded.
const char* allowed_decoders();

// Whether the name ends as audio files' names do.
bool claims_audio(std::string_view path);

// "mp3", "ogg/opus", "m4a/aac": the container and, where it can hold several, the codec; for people.
std::string format_name(const AVInputFormat& container, AVCodecID codec);

}  // namespace tutti::media
