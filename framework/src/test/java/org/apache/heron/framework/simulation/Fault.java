package org.apache.heron.framework.simulation;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.storage.SimulatedZooKeeper.Fate;
import org.apache.mesos.v1.Protos.TaskState;

/** Something that goes wrong, or that a user asks for. */
@FunctionalInterface
interface Fault {
  /** Lets it happen. */
  void strike(Havoc havoc);

  /** A fault with its words. */
  static Fault of(String words, Fault fault) {
    return new Fault() {
      @Override
      public void strike(Havoc havoc) {
        fault.strike(havoc);
      }

      @Override
      public String toString() {
        return words;
      }
    };
  }

  /** The kinds of faults, each with its way to draw one. */
  enum Kind {
    /** The leading scheduler is killed, and started again after a while. */
    SCHEDULER_KILLED {
      @Override
      Fault draw(Dice dice) {
        long away = dice.anyScale(1, 400_000);
        long unnoticed = dice.chance(0.8) ? 1 : dice.anyScale(1, 60_000);
        return of(
            "the scheduler is killed, away for " + Words.of(away),
            havoc -> havoc.leader().ifPresent(leader -> havoc.kill(leader, away, unnoticed)));
      }
    },
    /** It is killed between two effects. */
    SCHEDULER_KILLED_BETWEEN_EFFECTS {
      @Override
      Fault draw(Dice dice) {
        int effects = (int) dice.anyScale(1, 30);
        long away = dice.anyScale(1, 100_000);
        return of(
            "the scheduler is killed before effect " + effects + ", away for " + Words.of(away),
            havoc ->
                havoc
                    .leader()
                    .ifPresent(
                        leader -> leader.beforeEffect(effects, () -> havoc.kill(leader, away, 1))));
      }
    },
    /** The leading scheduler stands still: garbage collection, swapping, a stopped machine. */
    SCHEDULER_PAUSED {
      @Override
      Fault draw(Dice dice) {
        long wait = dice.anyScale(100, 300_000);
        return of(
            "the scheduler stands still for " + Words.of(wait),
            havoc -> havoc.leader().ifPresent(leader -> havoc.pause(leader, wait)));
      }
    },
    /** It stands still between two effects while another takes over. */
    SCHEDULER_PAUSED_AND_DEPOSED {
      @Override
      Fault draw(Dice dice) {
        int effects = (int) dice.anyScale(1, 30);
        long wait = dice.anyScale(100, 300_000);
        long successorAfter = dice.anyScale(1, 20_000);
        return of(
            "before effect "
                + effects
                + " the scheduler stands still for "
                + Words.of(wait)
                + ", another starts after "
                + Words.of(successorAfter),
            havoc ->
                havoc
                    .leader()
                    .ifPresent(
                        leader ->
                            leader.beforeEffect(
                                effects,
                                () -> {
                                  havoc.pause(leader, wait);
                                  havoc.startAnother(successorAfter);
                                })));
      }
    },
    /** Another scheduler process starts although one runs. */
    SECOND_SCHEDULER {
      @Override
      Fault draw(Dice dice) {
        return of("another scheduler starts", havoc -> havoc.startAnother(1));
      }
    },
    /** The clock of the leading scheduler's machine jumps. */
    CLOCK_JUMPS {
      @Override
      Fault draw(Dice dice) {
        long by = dice.anyScale(100, 3_600_000) * (dice.chance(0.5) ? 1 : -1);
        return of(
            "the scheduler's clock jumps by " + by + " ms",
            havoc -> havoc.leader().ifPresent(leader -> havoc.jumpClock(leader, by)));
      }
    },
    /** The connection with the master breaks. */
    STREAM_CUT {
      @Override
      Fault draw(Dice dice) {
        return of(
            "the scheduler's connection with the master breaks",
            havoc -> havoc.leader().ifPresent(leader -> leader.wire.cut()));
      }
    },
    /** It breaks at a call: taken, or not. */
    CALL_CUT {
      @Override
      Fault draw(Dice dice) {
        int call = (int) dice.anyScale(1, 30);
        boolean taken = dice.chance(0.5);
        return of(
            "the connection breaks at call " + call + (taken ? ", taken" : ", not taken"),
            havoc -> havoc.leader().ifPresent(leader -> leader.wire.cutAtCall(call, taken)));
      }
    },
    /** Nothing comes from the master for a while. */
    STREAM_STALLS {
      @Override
      Fault draw(Dice dice) {
        long wait = dice.anyScale(100, 200_000);
        return of(
            "nothing comes from the master for " + Words.of(wait),
            havoc -> havoc.leader().ifPresent(leader -> havoc.stall(leader, wait)));
      }
    },
    /** The master dies; the next one knows nothing of tasks. */
    MASTER_FAILS_OVER {
      @Override
      Fault draw(Dice dice) {
        long away = dice.anyScale(100, 120_000);
        boolean keeps = dice.chance(0.5);
        return of(
            "the master dies, another after "
                + Words.of(away)
                + (keeps ? ", which knows the agents" : ", which knows nothing"),
            havoc -> havoc.failOverMaster(away, keeps));
      }
    },
    /** The master refuses subscriptions for a while. */
    MASTER_REFUSES {
      @Override
      Fault draw(Dice dice) {
        long wait = dice.anyScale(1_000, 120_000);
        return of(
            "the master refuses the framework for " + Words.of(wait), havoc -> havoc.refuse(wait));
      }
    },
    /** An operator tears the framework down. */
    FRAMEWORK_REMOVED {
      @Override
      Fault draw(Dice dice) {
        if (dice.chance(0.8)) {
          return STREAM_CUT.draw(dice);
        }
        return of("an operator tears the framework down", Havoc::tearDownByOperator);
      }
    },
    /** Agents cut off from the master, for a while; their tasks run on. */
    AGENT_CUT {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        boolean noticed = dice.chance(0.5);
        long away = dice.anyScale(100, 900_000);
        return of(
            "agent " + agent + " is cut off for " + Words.of(away),
            havoc -> havoc.cutAgent(agent, noticed, away, false));
      }
    },
    /** An agent's machine starts anew. */
    AGENT_REBOOTS {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        long away = dice.anyScale(1_000, 400_000);
        return of(
            "agent " + agent + " reboots, away for " + Words.of(away),
            havoc -> havoc.cutAgent(agent, true, away, true));
      }
    },
    /** An operator marks an agent gone; another joins. */
    AGENT_GONE {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        return of("agent " + agent + " is marked gone", havoc -> havoc.markGone(agent));
      }
    },
    /** An agent's maintenance is announced: its machine will be away for a while. */
    MAINTENANCE_ANNOUNCED {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        long until = dice.anyScale(5_000, 7_200_000);
        long length = dice.anyScale(10_000, 900_000);
        return of(
            "maintenance of agent "
                + agent
                + " is announced, in "
                + Words.of(until)
                + " for "
                + Words.of(length),
            havoc -> havoc.announceMaintenance(agent, until, length));
      }
    },
    /** Maintenance is called off. */
    MAINTENANCE_CALLED_OFF {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        return of(
            "maintenance of agent " + agent + " is called off",
            havoc -> havoc.callOffMaintenance(agent));
      }
    },
    /** An operator drains an agent, and reactivates it later or marks it gone. */
    AGENT_DRAINED {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        boolean gone = dice.chance(0.3);
        long wait = dice.anyScale(1_000, 300_000);
        return of(
            "agent "
                + agent
                + " is drained, and "
                + (gone ? "marked gone" : "reactivated")
                + " after "
                + Words.of(wait),
            havoc -> havoc.drainAgent(agent, gone, wait));
      }
    },
    /** Messages between master and agent are lost. */
    AGENT_MESSAGES_LOST {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        int deaf = dice.below(3);
        int mute = dice.below(4);
        return of(
            "agent "
                + agent
                + " does not get the next "
                + deaf
                + " messages, and loses "
                + mute
                + " of its own",
            havoc -> havoc.loseMessages(agent, deaf, mute));
      }
    },
    /** Messages between master and agent take long, and overtake each other. */
    AGENT_SLOW {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        long wait = dice.anyScale(1_000, 120_000);
        return of(
            "agent " + agent + " is slow for " + Words.of(wait),
            havoc -> havoc.slowAgent(agent, wait));
      }
    },
    /** The master takes its offers back. */
    OFFERS_RESCINDED {
      @Override
      Fault draw(Dice dice) {
        return of("all offers are rescinded", Havoc::rescind);
      }
    },
    /** Others take all that an agent has left, for a while. */
    AGENT_CROWDED {
      @Override
      Fault draw(Dice dice) {
        int agent = dice.below(100);
        long wait = dice.anyScale(1_000, 300_000);
        return of(
            "others fill agent " + agent + " for " + Words.of(wait),
            havoc -> havoc.crowdAgent(agent, wait));
      }
    },
    /** A task ends by itself. */
    TASK_ENDS {
      @Override
      Fault draw(Dice dice) {
        int container = dice.below(100);
        TaskState state =
            dice.of(List.of(TaskState.TASK_FAILED, TaskState.TASK_FINISHED, TaskState.TASK_KILLED));
        return of(
            "container " + container + "'s task ends as " + state,
            havoc -> havoc.endTask(container, state));
      }
    },
    /** A container fails at each start for a while. */
    TASK_KEEPS_FAILING {
      @Override
      Fault draw(Dice dice) {
        int container = dice.below(100);
        long wait = dice.anyScale(1_000, 200_000);
        return of(
            "container " + container + " fails for " + Words.of(wait),
            havoc -> havoc.keepFailing(container, wait));
      }
    },
    /** Every task says many times over that it runs. */
    UPDATE_BURST {
      @Override
      Fault draw(Dice dice) {
        int updates = (int) dice.anyScale(1, 60);
        return of("every task is updated " + updates + " times", havoc -> havoc.burst(updates));
      }
    },
    /** The master repeats itself, at times so often that the scheduler has no room for it. */
    UPDATE_FLOOD {
      @Override
      Fault draw(Dice dice) {
        int updates = (int) (dice.chance(0.02) ? dice.anyScale(1_000, 100_000) : dice.below(100));
        return of("the master says " + updates + " times what it has said", h -> h.flood(updates));
      }
    },
    /** ZooKeeper is away. */
    ZOOKEEPER_AWAY {
      @Override
      Fault draw(Dice dice) {
        long wait = dice.anyScale(10, 120_000);
        boolean noticed = dice.chance(0.7);
        return of(
            "ZooKeeper is away for " + Words.of(wait) + (noticed ? ", which is noticed" : ""),
            havoc -> havoc.closeZooKeeper(wait, noticed));
      }
    },
    /** ZooKeeper's answers to writes are lost; the writes are made, not made, or made later. */
    ZOOKEEPER_ANSWER_LOST {
      @Override
      Fault draw(Dice dice) {
        Fate fate = dice.of(List.of(Fate.NOT_ARRIVED, Fate.ANSWER_LOST, Fate.LATE));
        int writes = 1 + dice.below(3);
        return of(
            "the answer to " + writes + " writes is lost (" + fate + ")",
            havoc -> havoc.loseAnswers(fate, writes));
      }
    },
    /** A user restarts a container, or all. */
    USER_RESTARTS {
      @Override
      Fault draw(Dice dice) {
        Optional<Integer> container =
            dice.chance(0.7) ? Optional.of(dice.below(100)) : Optional.empty();
        int parallel = dice.below(3);
        return of(
            "a user restarts " + container.map(id -> "container " + id).orElse("all"),
            havoc -> havoc.userRestarts(container, parallel));
      }
    },
    /** A user scales the topology up or down, or gives a container more. */
    USER_SCALES {
      @Override
      Fault draw(Dice dice) {
        int difference = dice.below(7) - 3;
        Optional<Integer> resized =
            dice.chance(0.3) ? Optional.of(dice.below(100)) : Optional.empty();
        return of(
            "a user scales by "
                + difference
                + resized.map(id -> ", and gives container " + id + " more").orElse(""),
            havoc -> havoc.userScales(difference, resized));
      }
    },
    /** A user kills the topology. */
    USER_KILLS {
      @Override
      Fault draw(Dice dice) {
        return of("a user kills the topology", Havoc::userKills);
      }
    };

    abstract Fault draw(Dice dice);
  }
}
