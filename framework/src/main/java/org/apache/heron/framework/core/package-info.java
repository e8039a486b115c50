/**
 * What the framework decides: pure functions over immutable records. {@link
 * org.apache.heron.framework.core.Core#decide} takes a state and an event and gives the next state
 * and the effects that the runtime carries out, in their order.
 */
package org.apache.heron.framework.core;
