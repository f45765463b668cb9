#include "media/artist_picture.h"

#include "media/audio_file.h"
#include "media/picture.h"
#include "media/probe.h"
#include "tests/media/test_audio.h"

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

namespace fs = std::filesystem;
using namespace test;

class ArtistPicture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made = fresh_dir("pictures");
    write_wav(made / "s.wav", music(44100, 2, 1));
    ffmpeg({"-i", (made / "s.wav").string(), (made / "plain.mp3").string()});
    for (const char* name : {"front", "artist"}) {
      const std::string colour = std::string("color=") + (name[0] == 'f' ? "red" : "blue") + ":s=32x32";
      ffmpeg({"-f", "lavfi", "-i", colour, "-frames:v", "1", (made / (std::string(name) + ".jpg")).string()});
    }
  }
  void SetUp() override {
    fs::create_directories(album);
    fs::copy_file(made / "plain.mp3", track);
  }
  static std::string bytes_of(const fs::path& path) { return read_text(path); }
  std::string found(const fs::path& root) const {
    const auto picture = read_artist_picture(track.string(), root.string());
    EXPECT_TRUE(picture);
    return picture && *picture ? std::string((*picture)->bytes.begin(), (*picture)->bytes.end()) : "";
  }

  static fs::path made;
  fs::path library = fresh_dir("library");
  fs::path artist = library / "artist", album = artist / "album", track = album / "a.mp3";
};

fs::path ArtistPicture::made;

TEST_F(ArtistPicture, LiesInTheFolderOfTheAlbumOrOfTheArtist) {
  EXPECT_EQ(found(library), "");
  fs::copy_file(made / "artist.jpg", artist / "artist.jpg");
  EXPECT_EQ(found(library), bytes_of(made / "artist.jpg"));
  fs::copy_file(made / "front.jpg", album / "artist.png");  // what it is, its bytes say
  EXPECT_EQ(found(library), bytes_of(made / "front.jpg"));
}

TEST_F(ArtistPicture, IsNotLookedForAboveTheLibrary) {
  fs::copy_file(made / "artist.jpg", library / "artist.jpg");
  EXPECT_EQ(found(artist), "");
  EXPECT_EQ(found(artist / ""), "");
  EXPECT_NE(found(library), "");
  EXPECT_EQ(found(""), "");
}

TEST_F(ArtistPicture, IsOneOfAKnownKindAndSize) {
  write_text(artist / "artist.jpg", "no picture");
  EXPECT_EQ(found(library), "");
  fs::create_directory(album / "artist.jpg");
  EXPECT_EQ(found(library), "");
  fs::remove(artist / "artist.jpg");
  fs::copy_file(made / "artist.jpg", artist / "artist.jpg");
  EXPECT_FALSE(read_artist_picture(track.string(), library.string(), 10).value());
  EXPECT_NE(found(library), "");
  EXPECT_FALSE(read_artist_picture((album / "none.mp3").string(), library.string()));
}

TEST_F(ArtistPicture, InsideTheFileGoesFirstAndIsNotTheCover) {
  fs::copy_file(made / "front.jpg", artist / "artist.jpg");
  ffmpeg({"-y",
          "-i",
          (made / "s.wav").string(),
          "-i",
          (made / "artist.jpg").string(),
          "-i",
          (made / "front.jpg").string(),
          "-map",
          "0:a",
          "-map",
          "1:v",
          "-map",
          "2:v",
          "-c:v",
          "copy",
          "-metadata:s:v:0",
          "comment=Artist/performer",
          "-metadata:s:v:1",
          "comment=Cover (front)",
          track.string()});
  EXPECT_EQ(found(library), bytes_of(made / "artist.jpg"));
  const auto cover = read_cover(track.string());
  ASSERT_TRUE(cover && *cover);
  EXPECT_EQ(std::string((*cover)->bytes.begin(), (*cover)->bytes.end()), bytes_of(made / "front.jpg"));
}

TEST_F(ArtistPicture, TheAlbumsArtistIsReadBesideTheTracks) {
  ffmpeg({"-y", "-i", (made / "s.wav").string(), "-metadata", "artist=One", "-metadata", "album_artist=All",
          track.string()});
  const auto probed = probe(track.string(), never);
  ASSERT_TRUE(probed && *probed);
  EXPECT_EQ((*probed)->tags.artist, "One");
  EXPECT_EQ((*probed)->tags.album_artist, "All");
}

}  // namespace
}  // namespace tutti::media
