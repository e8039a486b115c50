package org.apache.heron.executor.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrHeartbeatRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
  private static final String ID =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  @Test
  void aFrameHasUpstreamsBytes() {
    Frame frame =
        new Frame(
            "a.B",
            new RequestId(ByteString.copyFrom(ByteBufUtil.decodeHexDump(ID))),
            ByteString.copyFrom(new byte[] {7, 8}));
    EmbeddedChannel channel = new EmbeddedChannel(new FrameCodec(100));

    channel.writeOutbound(frame);

    ByteBuf bytes = channel.readOutbound();
    assertThat(ByteBufUtil.hexDump(bytes))
        .isEqualTo("0000002d" + "00000003" + "612e42" + ID + "00000002" + "0708");
    bytes.release();
  }

  @Test
  void framesComeBackHoweverTheyAreCut() {
    StMgrHeartbeatRequest message =
        StMgrHeartbeatRequest.newBuilder()
            .setHeartbeatTime(5)
            .setStats(org.apache.heron.proto.system.Stats.StMgrStats.getDefaultInstance())
            .build();
    Frame frame = Frame.of(RequestId.random(), message);
    EmbeddedChannel out = new EmbeddedChannel(new FrameCodec(1000));
    out.writeOutbound(frame, frame);
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = out.readOutbound(); part != null; part = out.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    EmbeddedChannel in = new EmbeddedChannel(new FrameCodec(1000));
    while (all.isReadable()) {
      in.writeInbound(all.readBytes(1));
    }

    assertThat(in.<Frame>readInbound()).isEqualTo(frame);
    Frame second = in.readInbound();
    assertThat(second.is(message)).isTrue();
    assertThat(second.parse(StMgrHeartbeatRequest.parser())).isEqualTo(message);
    assertThat(in.<Object>readInbound()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffffffff", // a negative length
        "00000000",
        "00000027", // shorter than the fixed parts
        "7fffffff", // above the limit
        // a name longer than the frame, none at all, a negative one
        "00000028" + "00000009" + ID + "00000000",
        "00000028" + "00000000" + ID + "00000000",
        "00000028" + "ffffffff" + ID + "00000000",
        // a body that is longer or shorter than the frame
        "00000029" + "00000001" + "61" + ID + "00000001",
        "0000002a" + "00000001" + "61" + ID + "00000000" + "07",
        "00000029" + "00000001" + "61" + ID + "ffffffff",
      })
  void aMalformedFrameIsRefused(String hex) {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameCodec(1000));
    assertThatThrownBy(
            () -> channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))))
        .isInstanceOf(DecoderException.class);
  }

  @Test
  void aMessageThatIsNoneIsRefused() {
    Frame frame = new Frame("x", RequestId.ONE_WAY, ByteString.copyFrom(new byte[] {-1}));
    assertThatThrownBy(() -> frame.parse(StMgrHeartbeatRequest.parser()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("malformed x");
    assertThatThrownBy(() -> new RequestId(ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
