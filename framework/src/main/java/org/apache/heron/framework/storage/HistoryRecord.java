package org.apache.heron.framework.storage;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.proto.framework.FrameworkRecords;
import org.apache.heron.proto.framework.FrameworkRecords.HappeningKind;

/** Histories as they are on record. */
final class HistoryRecord {
  private HistoryRecord() {}

  /** The message; none for a history in which nothing has happened. */
  static Optional<FrameworkRecords.History> toProto(History history) {
    if (history.isEmpty()) {
      return Optional.empty();
    }
    FrameworkRecords.History.Builder proto = FrameworkRecords.History.newBuilder();
    if (history.forgotten() > 0) {
      proto.setForgotten(history.forgotten());
    }
    history.happenings().forEach(happening -> proto.addHappening(toProto(happening)));
    return Optional.of(proto.build());
  }

  private static FrameworkRecords.Happening toProto(Happening happening) {
    FrameworkRecords.Happening.Builder proto =
        FrameworkRecords.Happening.newBuilder()
            .setAtMillis(happening.at().toEpochMilli())
            .setKind(toProto(happening.kind()));
    if (happening.attempt() > 0) {
      proto.setAttempt(happening.attempt());
    }
    RecordFormat.text(happening.text()).ifPresent(proto::setText);
    return proto.build();
  }

  static History fromProto(FrameworkRecords.History proto) {
    return new History(
        proto.getForgotten(),
        proto.getHappeningList().stream().map(HistoryRecord::fromProto).toList());
  }

  private static Happening fromProto(FrameworkRecords.Happening proto) {
    return new Happening(
        Instant.ofEpochMilli(proto.getAtMillis()),
        fromProto(proto.getKind()),
        proto.getAttempt(),
        proto.getText());
  }

  private static HappeningKind toProto(Happening.Kind kind) {
    return switch (kind) {
      case LAUNCHED -> HappeningKind.HAPPENING_LAUNCHED;
      case RUNNING -> HappeningKind.HAPPENING_RUNNING;
      case FAILED -> HappeningKind.HAPPENING_FAILED;
      case ENDED -> HappeningKind.HAPPENING_ENDED;
      case UNREACHABLE -> HappeningKind.HAPPENING_UNREACHABLE;
      case KILLING -> HappeningKind.HAPPENING_KILLING;
      case GIVEN_UP -> HappeningKind.HAPPENING_GIVEN_UP;
      case TOOK_OVER -> HappeningKind.HAPPENING_TOOK_OVER;
      case REGISTERED -> HappeningKind.HAPPENING_REGISTERED;
      case SUBSCRIBED -> HappeningKind.HAPPENING_SUBSCRIBED;
      case REFUSED -> HappeningKind.HAPPENING_REFUSED;
      case KILL -> HappeningKind.HAPPENING_KILL;
      case RESTART -> HappeningKind.HAPPENING_RESTART;
      case UPDATE -> HappeningKind.HAPPENING_UPDATE;
      case NOTE -> HappeningKind.HAPPENING_NOTE;
    };
  }

  private static Happening.Kind fromProto(HappeningKind kind) {
    return switch (kind) {
      case HAPPENING_LAUNCHED -> Happening.Kind.LAUNCHED;
      case HAPPENING_RUNNING -> Happening.Kind.RUNNING;
      case HAPPENING_FAILED -> Happening.Kind.FAILED;
      case HAPPENING_ENDED -> Happening.Kind.ENDED;
      case HAPPENING_UNREACHABLE -> Happening.Kind.UNREACHABLE;
      case HAPPENING_KILLING -> Happening.Kind.KILLING;
      case HAPPENING_GIVEN_UP -> Happening.Kind.GIVEN_UP;
      case HAPPENING_TOOK_OVER -> Happening.Kind.TOOK_OVER;
      case HAPPENING_REGISTERED -> Happening.Kind.REGISTERED;
      case HAPPENING_SUBSCRIBED -> Happening.Kind.SUBSCRIBED;
      case HAPPENING_REFUSED -> Happening.Kind.REFUSED;
      case HAPPENING_KILL -> Happening.Kind.KILL;
      case HAPPENING_RESTART -> Happening.Kind.RESTART;
      case HAPPENING_UPDATE -> Happening.Kind.UPDATE;
      case HAPPENING_NOTE -> Happening.Kind.NOTE;
    };
  }
}
