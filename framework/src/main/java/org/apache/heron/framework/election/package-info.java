/** Which of several scheduler processes of one topology leads. */
package org.apache.heron.framework.election;
