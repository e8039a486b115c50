/** Commands and facts about what is installed here. */
package org.apache.heron.cli.installation;
