/**
 * Decides whether a member with an empty log may take part in its cluster.
 *
 * <p>The rule: a member that may have voted never votes again from an empty log. Each log has an incarnation, drawn when it is
 * created. Before a member with an empty log writes to it, it enrols: it tells its incarnation to the other members on the peer
 * port, and each of them keeps the first one that it hears of a member, durably. A second incarnation of the same member is
 * refused. The member needs the consent of a majority of the others, so any two incarnations meet in one member that knows both.
 *
 * <p>{@link io.quorate.bootstrap.Enrolment} asks, on the thread {@code timer}; {@link
 * io.quorate.bootstrap.EnrolmentRegister} answers, on the thread {@code maintenance}.
 */
@NullMarked
package io.quorate.bootstrap;

import org.jspecify.annotations.NullMarked;
