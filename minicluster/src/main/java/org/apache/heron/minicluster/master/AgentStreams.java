package org.apache.heron.minicluster.master;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.wire.AgentCalls;
import org.apache.heron.minicluster.wire.MasterCalls;
import org.apache.heron.minicluster.wire.RecordReader;
import org.apache.heron.minicluster.wire.WireException;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.StreamSink;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;

/**
 * The lines to agents that are processes of their own; see the room {@code wire}. The end of an
 * agent's stream is the end of the agent, unless it has begun another. Thread-safe.
 */
final class AgentStreams {
  private static final String MEDIA_TYPE = "application/x-protobuf";

  private final MasterLoop loop;
  private final AgentLife agents;
  private final MasterLink link;
  private final Map<String, StreamSink> streams = new ConcurrentHashMap<>();

  AgentStreams(MasterLoop loop, AgentLife agents, MasterLink link) {
    this.loop = loop;
    this.agents = agents;
    this.link = link;
  }

  /** A registration: its answer is the stream. */
  void register(WebRequest request, WebResponse response) {
    MasterCalls.Registration registration;
    try {
      registration = MasterCalls.Registration.parse(request.body());
    } catch (WireException e) {
      throw new HttpError(400, "no registration of an agent: " + e.getMessage());
    }
    String id = UUID.randomUUID().toString();
    StreamSink sink = response.header(MasterCalls.STREAM_ID, id).stream(MEDIA_TYPE);
    AgentLink agent = new AgentCalls(call -> sink.write(RecordReader.record(call)));
    streams.put(id, sink);
    registration.to(link, agent);
    sink.onClose(
        () -> {
          streams.remove(id);
          loop.execute(() -> agents.streamEnded(agent));
        });
  }

  /** Something that an agent says; answered when it has been heard, so no agent can hurry us. */
  void hear(WebRequest request, WebResponse response) throws Exception {
    if (!streams.containsKey(request.pathParameter("stream"))) {
      throw new HttpError(404, "no agent has this stream: register again");
    }
    try {
      MasterCalls.dispatch(request.body(), link);
    } catch (WireException e) {
      throw new HttpError(400, e.getMessage());
    }
    loop.call(() -> true);
    response.status(202).sendEmpty();
  }

  /** Lets all agents go, so that they look for the master that leads now. */
  void close() {
    List.copyOf(streams.values()).forEach(StreamSink::close);
  }
}
