package org.apache.heron.executor.tmanager;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.heron.executor.rpc.Frame;
import org.apache.heron.executor.rpc.Peer;
import org.apache.heron.executor.rpc.PeerListener;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrHeartbeatRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrHeartbeatResponse;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrRegisterRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrRegisterResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers containers: registrations, heartbeats, metrics. What they say comes on the transport's
 * threads and is handed to the one that owns the {@link PlanBoard}.
 */
final class ContainerDesk implements PeerListener {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerDesk.class);

  /** Names come from whoever connects. */
  private static final int MAX_REFUSALS = 1_000;

  private final TopologyManagerConfig config;
  private final StatsDesk stats;
  private final Clock clock;
  private final Supplier<Optional<PlanBoard>> board;
  private final Consumer<Runnable> owner;
  private final Runnable membersChanged;

  /** The last reason by container, since they ask again and again. Owned by the owner's thread. */
  private final Map<String, String> refusals =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_REFUSALS;
        }
      };

  /**
   * @param board empty until it is loaded; asked on the owner's thread only
   * @param owner runs on the thread that owns the board
   * @param membersChanged told on that thread when a container has registered
   */
  ContainerDesk(
      TopologyManagerConfig config,
      StatsDesk stats,
      Clock clock,
      Supplier<Optional<PlanBoard>> board,
      Consumer<Runnable> owner,
      Runnable membersChanged) {
    this.config = config;
    this.stats = stats;
    this.clock = clock;
    this.board = board;
    this.owner = owner;
    this.membersChanged = membersChanged;
  }

  @Override
  public void received(Peer peer, Frame frame) {
    if (frame.is(StMgrRegisterRequest.getDefaultInstance())) {
      StMgrRegisterRequest request = frame.parse(StMgrRegisterRequest.parser());
      owner.accept(() -> peer.send(frame.id(), register(peer, request)));
    } else if (frame.is(StMgrHeartbeatRequest.getDefaultInstance())) {
      owner.accept(() -> peer.send(frame.id(), heartbeat(peer)));
    } else if (frame.is(PublishMetrics.getDefaultInstance())) {
      stats.publish(frame.parse(PublishMetrics.parser()));
    } else {
      throw new IllegalArgumentException("a topology manager does not know " + frame.type());
    }
  }

  @Override
  public void disconnected(Peer peer) {
    owner.accept(
        () ->
            board
                .get()
                .flatMap(present -> present.disconnected(peer))
                .ifPresent(lost -> LOG.warn("{} is lost", lost.stmgr().getId())));
  }

  /** Cuts the connections of members that have been silent for too long. On the owner's thread. */
  void closeSilent() {
    if (board.get().isEmpty()) {
      return;
    }
    for (PlanBoard.Member member :
        board.get().get().silentSince(clock.instant().minus(config.memberTimeout()))) {
      LOG.warn("{} has been silent for {}", member.stmgr().getId(), config.memberTimeout());
      member.peer().ifPresent(Peer::close);
    }
  }

  private StMgrRegisterResponse register(Peer peer, StMgrRegisterRequest request) {
    StMgrRegisterResponse.Builder response = StMgrRegisterResponse.newBuilder();
    if (board.get().isEmpty()) {
      return response
          .setStatus(notOk(StatusCode.NOTOK, "the topology manager is not ready yet"))
          .build();
    }
    PlanBoard present = board.get().get();
    PlanBoard.Registration registration =
        present.register(peer, request.getStmgr(), request.getInstancesList(), clock.instant());
    if (registration instanceof PlanBoard.Registration.Refused refused) {
      if (!refused.reason().equals(refusals.put(request.getStmgr().getId(), refused.reason()))) {
        LOG.warn("{} is refused: {}", peer.remote(), refused.reason());
      }
      // so that a container that was removed while nobody could tell it ends what it runs
      present.planWithout(request.getStmgr().getId()).ifPresent(response::setPplan);
      return response.setStatus(notOk(StatusCode.INVALID_STMGR, refused.reason())).build();
    }
    refusals.remove(request.getStmgr().getId());
    PlanBoard.Registration.Accepted accepted = (PlanBoard.Registration.Accepted) registration;
    accepted.displaced().ifPresent(old -> displace(old, request.getStmgr()));
    LOG.info(
        "{} has registered from {}:{}; missing: {}",
        request.getStmgr().getId(),
        request.getStmgr().getHostName(),
        request.getStmgr().getDataPort(),
        present.awaited());
    present.planFor(request.getStmgr()).ifPresent(response::setPplan);
    membersChanged.run();
    return response.setStatus(Status.newBuilder().setStatus(StatusCode.OK)).build();
  }

  /** Two processes of one container: the newer one stays, the older one is asked to end. */
  private void displace(PlanBoard.Member old, StMgr newer) {
    LOG.warn(
        "{} is registered already, by process {} at {}:{}",
        old.stmgr().getId(),
        old.stmgr().getPid(),
        old.stmgr().getHostName(),
        old.stmgr().getDataPort());
    old.peer().ifPresent(Peer::close);
    if (isAnother(old.stmgr(), newer)) {
      ShellKill.inBackground(old.stmgr(), config.topologyId());
    }
  }

  /**
   * Whether the older process may still run, and can be asked without asking the newer one: only
   * one of them listens at an address, and if they name the same, that is the newer, or the same
   * process again. Nothing else tells processes apart: in images all copies of a container have one
   * directory and one process id.
   */
  static boolean isAnother(StMgr old, StMgr newer) {
    return !old.getHostName().equals(newer.getHostName())
        || old.getShellPort() != newer.getShellPort();
  }

  private StMgrHeartbeatResponse heartbeat(Peer peer) {
    boolean known = board.get().map(present -> present.heard(peer, clock.instant())).orElse(false);
    return StMgrHeartbeatResponse.newBuilder()
        .setStatus(
            known
                ? Status.newBuilder().setStatus(StatusCode.OK).build()
                : notOk(StatusCode.STMGR_DIDNT_REGISTER, "register first"))
        .build();
  }

  private static Status notOk(StatusCode code, String message) {
    return Status.newBuilder().setStatus(code).setMessage(message).build();
  }
}
